/** Sample deliveries, one for each kind of source. */
import { randomUUID } from 'node:crypto'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config, RouteConfig } from '../core/config/types.ts'
import type { Param } from '../core/params.ts'
import push from './samples/github-push.json' with { type: 'json' }
import type { Unsigned } from './sign.ts'

export interface SampleOptions {
  /** Slack: what follows the command. */
  readonly text?: string
  /** The body as it is to be sent. */
  readonly data?: string
  /** GitHub: the name of the event. */
  readonly event?: string
  readonly command?: string
}

/** @throws {Error} where a sample cannot be made up: GitHub events other than `push` need `data` */
export function sampleFor(config: Config, source: SourceConfig, options: SampleOptions): Unsigned {
  checkOptions(source, options)
  if (source.adapter === 'slack')
    return {
      body: options.data ?? slackBody(config, source, options),
      contentType: 'application/x-www-form-urlencoded',
    }
  if (source.adapter !== 'github')
    return { body: options.data ?? JSON.stringify(sampleParams(config, source)), contentType: 'application/json' }
  const event = options.event ?? 'push'
  if (options.data === undefined && event !== 'push')
    throw new Error(`there is no sample of "${event}" here; give its payload with --data @file.json`)
  return { body: options.data ?? JSON.stringify(pushFor(config, source)), contentType: 'application/json', event }
}

/** @throws {Error} for what would be left out without a word */
function checkOptions({ name, adapter }: SourceConfig, { text, command, event }: SampleOptions): void {
  const foreign = [
    ...(adapter !== 'slack' && text !== undefined ? ['--text'] : []),
    ...(adapter !== 'slack' && command !== undefined ? ['--command'] : []),
    ...(adapter !== 'github' && event !== undefined ? ['--event'] : []),
  ]
  if (foreign.length > 0)
    throw new Error(`${foreign.join(' and ')}: "${name}" is a source of ${adapter}; give its body with --data`)
}

/** What was made up, for whoever looks at the result; undefined: nothing was. */
export function describeSample(source: SourceConfig, options: SampleOptions, { body }: Unsigned): string | undefined {
  if (options.data !== undefined || options.text !== undefined) return undefined
  if (source.adapter !== 'github') {
    const made = source.adapter === 'slack' ? new URLSearchParams(body).get('text') : body
    return `a made-up sample: ${made}`
  }
  const { ref } = JSON.parse(body) as { ref?: string }
  return `GitHub's own example of a push, to ${ref}: a branch that the first route takes, where it names one`
}

const routesOf = (config: Config, source: SourceConfig): readonly RouteConfig[] =>
  config.routes.filter(({ on }) => on === source.name)

function slackBody(config: Config, source: SourceConfig, { text, command }: SampleOptions): string {
  const [route] = routesOf(config, source)
  const params = sampleParams(config, source)
  return new URLSearchParams({
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: route?.allow?.channels?.[0] ?? 'C2147483705',
    channel_name: 'data',
    user_id: route?.allow?.users?.[0] ?? 'U2147483697',
    user_name: 'ann',
    command: command ?? route?.command?.[0] ?? '/taskhook',
    text:
      text ??
      Object.entries(params)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    api_app_id: 'A123456',
    response_url: 'https://hooks.slack.com/commands/T0001/1/sample',
    trigger_id: `${Date.now()}.1.${randomUUID()}`,
  }).toString()
}

/** GitHub's own example, on a branch that the first push route takes, and new enough to be another delivery each time. */
function pushFor(config: Config, source: SourceConfig): unknown {
  const globs = routesOf(config, source).flatMap(({ branches }) => branches ?? [])
  const branch = globs.find((glob) => !/[*?![\]{}]/.test(glob))
  const after = randomUUID().replaceAll('-', '').padEnd(40, '0')
  return { ...push, after, ...(branch !== undefined && { ref: `refs/heads/${branch}` }) }
}

/** A value for each required parameter of the first route's task that the route does not set itself. */
function sampleParams(config: Config, source: SourceConfig): Readonly<Record<string, unknown>> {
  const [route] = routesOf(config, source)
  const params = Object.entries(config.tasks[route?.run ?? '']?.params ?? {})
  const open = params.filter(
    ([name, param]) => param.required && (source.adapter !== 'slack' || route?.with?.[name] === undefined),
  )
  return Object.fromEntries(open.map(([name, param]) => [name, sampleValue(name, param)]))
}

function sampleValue(name: string, param: Param): unknown {
  switch (param.type) {
    case 'boolean':
      return true
    case 'string':
      return param.enum?.[0] ?? name
    default:
      return param.min ?? param.max ?? 1
  }
}
