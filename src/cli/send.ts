import { defineCommand } from 'citty'
import type { Environment } from '../compose.ts'
import type { SourceConfig } from '../core/adapter.ts'
import { clean } from '../core/aws/secrets.ts'
import { messageOf } from '../core/errors.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { standInFor } from '../local/placeholder-secrets.ts'
import { describeSample, sampleFor } from '../local/samples/sample-delivery.ts'
import { signDelivery } from '../local/samples/sign-delivery.ts'
import { printable } from '../local/terminal/event-feed.ts'
import { configArgument, envFileArgument, Failure, guarded, loadConfig, loadEnv, readText } from './load-config.ts'

export const send = defineCommand({
  args: {
    config: configArgument,
    source: { type: 'positional', required: true, valueHint: 'source', description: 'A source of the config' },
    url: {
      type: 'string',
      valueHint: 'URL',
      description: 'Where to (default: PORT or 8787 on this machine)',
    },
    text: {
      type: 'string',
      valueHint: '"dataset=x"',
      description: 'Slack, GitHub comments: what follows the command',
    },
    command: { type: 'string', valueHint: '/analyze', description: 'Slack, GitHub comments: the command' },
    user: { type: 'string', valueHint: 'U123', description: 'Slack, GitHub: who sends it' },
    event: { type: 'string', valueHint: 'push', description: 'GitHub: the event' },
    data: { type: 'string', valueHint: '@file | text', description: 'The body, or @ and a file that holds it' },
    'env-file': envFileArgument,
  },
  run: ({ args }) =>
    guarded(async () => {
      const config = loadConfig(args.config)
      const source = Object.hasOwn(config.sources, args.source) ? config.sources[args.source] : undefined
      const names = Object.keys(config.sources)
      if (source === undefined)
        throw new Failure(
          `"${args.source}" is not a source${didYouMean(args.source, names) || `; there is ${names.join(', ')}`}`,
        )
      const options = {
        ...(args.text !== undefined && { text: args.text }),
        ...(args.command !== undefined && { command: args.command }),
        ...(args.user !== undefined && { user: args.user }),
        ...(args.event !== undefined && { event: args.event }),
        ...(args.data !== undefined && { data: args.data.startsWith('@') ? readText(args.data.slice(1)) : args.data }),
      }
      const env = loadEnv(args['env-file'])
      const unsigned = made(() => sampleFor(config, source, options))
      const { headers, body } = made(() => signDelivery(source, secretOf(source, env), unsigned, Date.now()))
      const sample = describeSample(source, options, unsigned)
      if (sample !== undefined) process.stderr.write(`${printable(sample)}\n`)
      const url = args.url ?? `http://127.0.0.1:${env.PORT || '8787'}`
      // What Terraform puts out is the address of the source itself.
      const base = url.replace(/\/$/, '').replace(new RegExp(`/${source.name}$`), '')
      const response = await post(`${base}/${source.name}`, headers, body)
      const answer = [`${response.status} ${response.statusText}`, ...pretty(await response.text()).split('\n')]
      process.stdout.write(`${answer.map(printable).join('\n')}\n`)
      if (!response.ok) process.exitCode = 1
    }),
})

function made<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new Failure(messageOf(error), { cause: error })
  }
}

function secretOf(source: SourceConfig, env: Environment): string {
  const [reference = ''] = source.secret
  return reference.startsWith('env:')
    ? clean(reference, env[reference.slice('env:'.length)], () => {})
    : standInFor(reference)
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers, body })
  } catch (cause) {
    const { code, message } = ((cause as Error).cause ?? cause) as { readonly code?: string; readonly message: string }
    const why =
      code === 'ECONNREFUSED' ? `nobody answers at ${url}` : `${url} cannot be reached: ${message.split('\n', 1)[0]}`
    throw new Failure(`${why}; is "taskhook dev" running there?`, { cause })
  }
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
