/** `taskhook explain`: shows which routes match a delivery, and why the others do not. It sends and starts nothing. */
import { defineCommand } from 'citty'
import { builtin } from '../adapters/registry.ts'
import type { BatchElement, HttpRequest } from '../core/adapter.ts'
import { messageOf } from '../core/errors.ts'
import { markVerified } from '../core/http/verified-request.ts'
import type { Config } from '../core/model/config.ts'
import { printable } from '../core/text/terminal-text.ts'
import { describeSample, sampleDelivery } from '../local/samples/sample-delivery.ts'
import type { SampleOptions } from '../local/samples/sample-options.ts'
import type { UnsignedDelivery } from '../local/samples/sign-delivery.ts'
import { configArgument, sourceArgument } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { explainRoutes } from './explain-routes.ts'
import { loadConfig, sourceNamed } from './load-config.ts'
import { sampleArguments, sampleOptionsOf } from './sample-arguments.ts'

export const explain = defineCommand({
  args: { config: configArgument, source: sourceArgument, ...sampleArguments },
  run: ({ args }) =>
    reportErrors(async () => {
      const config = loadConfig(args.config)
      const lines = await explainDelivery(config, args.source, sampleOptionsOf(args))
      process.stdout.write(`${lines.map(printable).join('\n')}\n`)
    }),
})

async function explainDelivery(config: Config, name: string, options: SampleOptions): Promise<readonly string[]> {
  const source = sourceNamed(config, name)
  const adapter = (await builtin[source.adapter as keyof typeof builtin]())(source)
  try {
    const unsigned = sampleDelivery(config, source, options)
    const sample = describeSample(source, options, unsigned)
    if (sample !== undefined) process.stderr.write(`${printable(sample)}\n`)
    // There is no signature to verify: the delivery comes from the person who runs the command.
    const translation = await adapter.translate(markVerified(requestOf(name, unsigned), 'explain'))
    switch (translation.kind) {
      case 'ignore':
      case 'reply':
        return [`${translation.kind}: ${translation.reason}`]
      case 'signed-reply':
        return [`reply: ${translation.reason}`]
      case 'batch':
        return translation.elements.flatMap((element, at) => [
          `element ${at + 1} of ${translation.elements.length}:`,
          ...explainElement(config, name, element),
        ])
      case 'action': {
        const { verb, run } = translation.action
        return [`${verb} run ${run}: the route that started the run decides who can do this`]
      }
      case 'deferred':
        return [
          `${translation.deferred.event}: taskhook asks the sender which runs are meant; the route that started each run decides who can do this`,
        ]
      default:
        return explainRoutes(config, name, translation)
    }
  } catch (error) {
    throw new CommandError(messageOf(error), { cause: error })
  }
}

function explainElement(config: Config, source: string, element: BatchElement): readonly string[] {
  if (element.kind === 'run') return explainRoutes(config, source, element)
  return [element.kind === 'ignore' ? `ignore: ${element.reason}` : `refused: ${messageOf(element.error)}`]
}

const requestOf = (source: string, { body, contentType, event = '' }: UnsignedDelivery): HttpRequest => ({
  method: 'POST',
  path: `/${source}`,
  query: new URLSearchParams(),
  headers: { 'content-type': contentType, 'x-github-event': event },
  body: Buffer.from(body),
  origin: 'http://localhost',
})
