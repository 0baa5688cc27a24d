/** `taskhook send`: signs a delivery as the sender would, and posts it. */
import { defineCommand } from 'citty'
import type { Environment } from '../compose.ts'
import type { SourceConfig } from '../core/adapter.ts'
import { cleanSecret } from '../core/aws/secret-value.ts'
import { messageOf } from '../core/errors.ts'
import { printable } from '../core/text/terminal-text.ts'
import { placeholderSecret } from '../local/local-secrets.ts'
import { describeSample, sampleDelivery } from '../local/samples/sample-delivery.ts'
import { signDelivery } from '../local/samples/sign-delivery.ts'
import { configArgument, envFileArgument, sourceArgument } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { loadConfig, loadEnv, sourceNamed } from './load-config.ts'
import { sampleArguments, sampleOptionsOf } from './sample-arguments.ts'

export const send = defineCommand({
  args: {
    config: configArgument,
    source: sourceArgument,
    url: {
      type: 'string',
      valueHint: 'URL',
      description: 'Base URL (default: PORT or 8787 on this machine)',
    },
    ...sampleArguments,
    user: { type: 'string', valueHint: 'U123', description: 'Slack, GitHub: the user who sends it' },
    'env-file': envFileArgument,
  },
  run: ({ args }) =>
    reportErrors(async () => {
      const config = loadConfig(args.config)
      const source = sourceNamed(config, args.source)
      const options = { ...sampleOptionsOf(args), ...(args.user !== undefined && { user: args.user }) }
      const env = loadEnv(args['env-file'])
      const unsigned = orFail(() => sampleDelivery(config, source, options))
      const url = urlOf(source, args.url ?? `http://127.0.0.1:${env.PORT || '8787'}`)
      const sent = { ...unsigned, url: String(url) }
      const { headers, body } = orFail(() => signDelivery(source, secretOf(source, env), sent, Date.now()))
      const sample = describeSample(source, options, unsigned)
      if (sample !== undefined) process.stderr.write(`${printable(sample)}\n`)
      const response = await post(url, headers, body)
      const lines = [`${response.status} ${response.statusText}`, ...prettyJson(await response.text()).split('\n')]
      process.stdout.write(`${lines.map(printable).join('\n')}\n`)
      if (!response.ok) process.exitCode = 1
    }),
})

/** @param url with or without the path of the source, since Terraform outputs URLs with it */
function urlOf({ name }: SourceConfig, url: string): string {
  const base = url.replace(/\/$/, '').replace(new RegExp(`/${name}$`), '')
  return `${base}/${name}`
}

/** @throws {CommandError} */
function orFail<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new CommandError(messageOf(error), { cause: error })
  }
}

function secretOf(source: SourceConfig, env: Environment): string {
  const [reference = ''] = source.secret
  return reference.startsWith('env:')
    ? cleanSecret(reference, env[reference.slice('env:'.length)], () => {})
    : placeholderSecret(reference, source)
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers, body })
  } catch (cause) {
    const { code, message } = ((cause as Error).cause ?? cause) as { readonly code?: string; readonly message: string }
    const problem = code === 'ECONNREFUSED' ? 'connection refused' : message.split('\n', 1)[0]
    throw new CommandError(`cannot reach ${url}: ${problem}. Is "taskhook dev" running there?`, { cause })
  }
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
