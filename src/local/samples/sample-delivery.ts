/** A sample delivery for a source: made up from the config, or with a given body. Not signed. */
import { schemeOf } from '../../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import type { Config } from '../../core/model/config.ts'
import { sampleComment, samplePush } from './github-samples.ts'
import type { SampleOptions } from './sample-options.ts'
import { routesOf, sampleParams } from './sample-params.ts'
import type { UnsignedDelivery } from './sign-delivery.ts'
import { sampleSlackCommand } from './slack-sample.ts'

/** @throws {Error} for an option that does not apply, and for a GitHub event that has no sample */
export function sampleDelivery(config: Config, source: SourceConfig, options: SampleOptions): UnsignedDelivery {
  checkOptions(source, options)
  switch (source.adapter) {
    case 'slack':
      return {
        body: options.data ?? sampleSlackCommand(config, source, options),
        contentType: 'application/x-www-form-urlencoded',
      }
    case 'github':
      return githubDelivery(config, source, options)
    default:
      return {
        body: options.data ?? JSON.stringify(inBatch(schemeOf(source.options).each, sampleParams(config, source))),
        contentType: 'application/json',
      }
  }
}

/** In the list whose elements are deliveries. `.`: the body is the list. */
function inBatch(path: string | undefined, delivery: unknown): unknown {
  if (path === undefined) return delivery
  if (path === '.') return [delivery]
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), [delivery])
}

function githubDelivery(config: Config, source: SourceConfig, options: SampleOptions): UnsignedDelivery {
  const contentType = 'application/json'
  if (asksForComment(config, source, options))
    return { body: JSON.stringify(sampleComment(config, source, options)), contentType, event: 'issue_comment' }
  const event = options.event ?? 'push'
  if (options.data !== undefined) return { body: options.data, contentType, event }
  if (event !== 'push') throw new Error(`there is no sample for the event "${event}"; use --data @file.json`)
  return { body: JSON.stringify(samplePush(config, source, options)), contentType, event }
}

/** Because of the options, or because the first route has a command. */
const asksForComment = (config: Config, source: SourceConfig, { text, command, event, data }: SampleOptions): boolean =>
  data === undefined &&
  (text !== undefined ||
    command !== undefined ||
    (event === undefined && routesOf(config, source)[0]?.command !== undefined))

/** @throws {Error} for options that would have no effect */
function checkOptions({ name, adapter }: SourceConfig, { text, command, event, user }: SampleOptions): void {
  const invalid = [
    ...(adapter === 'hmac' && text !== undefined ? ['--text'] : []),
    ...(adapter === 'hmac' && command !== undefined ? ['--command'] : []),
    ...(adapter === 'hmac' && user !== undefined ? ['--user'] : []),
    ...(adapter !== 'github' && event !== undefined ? ['--event'] : []),
  ]
  if (invalid.length === 0) return
  const verb = invalid.length === 1 ? 'does' : 'do'
  throw new Error(
    `${invalid.join(' and ')} ${verb} not apply to "${name}", which is a source of type ${adapter}; use --data`,
  )
}

/** What was made up, as a line for the person who sends it. Undefined: nothing was. */
export function describeSample(
  source: SourceConfig,
  options: SampleOptions,
  { body }: UnsignedDelivery,
): string | undefined {
  if (options.data !== undefined || options.text !== undefined) return undefined
  if (source.adapter === 'slack') return `sample command: ${new URLSearchParams(body).get('text')}`
  if (source.adapter !== 'github') return `sample body: ${body}`
  const { ref, comment } = JSON.parse(body) as { ref?: string; comment?: { body?: string } }
  return comment === undefined
    ? `sample push: GitHub's own example, to ${ref}`
    : `sample comment on a pull request: ${comment.body}`
}
