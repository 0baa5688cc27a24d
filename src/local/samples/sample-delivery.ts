/** Sample deliveries, one for each kind of source. */
import { randomUUID } from 'node:crypto'
import type { SourceConfig } from '../../core/adapter.ts'
import type { Config, RouteConfig } from '../../core/model/config.ts'
import type { Param } from '../../core/model/param.ts'
import push from './github-push.json' with { type: 'json' }
import type { Unsigned } from './sign-delivery.ts'

export interface SampleOptions {
  /** Slack, and comments on GitHub: what follows the command. */
  readonly text?: string
  /** The body as it is to be sent. */
  readonly data?: string
  /** GitHub: the name of the event. */
  readonly event?: string
  readonly command?: string
  /** Slack's id or GitHub's login of who sends it; default: whom the first route allows. */
  readonly user?: string
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
  if (isComment(config, source, options))
    return {
      body: JSON.stringify(commentFor(config, source, options)),
      contentType: 'application/json',
      event: 'issue_comment',
    }
  const event = options.event ?? 'push'
  if (options.data === undefined && event !== 'push')
    throw new Error(`there is no sample of "${event}" here; give its payload with --data @file.json`)
  return {
    body: options.data ?? JSON.stringify(pushFor(config, source, options)),
    contentType: 'application/json',
    event,
  }
}

/** @throws {Error} for what would be left out without a word */
function checkOptions({ name, adapter }: SourceConfig, { text, command, event, user }: SampleOptions): void {
  const foreign = [
    ...(adapter === 'hmac' && text !== undefined ? ['--text'] : []),
    ...(adapter === 'hmac' && command !== undefined ? ['--command'] : []),
    ...(adapter === 'hmac' && user !== undefined ? ['--user'] : []),
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
  const { ref, comment } = JSON.parse(body) as { ref?: string; comment?: { body?: string } }
  if (comment !== undefined) return `a made-up comment on a pull request: ${comment.body}`
  return `GitHub's own example of a push, to ${ref}`
}

/** Asked for, or what the first route is about. */
const isComment = (config: Config, source: SourceConfig, { text, command, event, data }: SampleOptions): boolean =>
  data === undefined &&
  (text !== undefined ||
    command !== undefined ||
    (event === undefined && routesOf(config, source)[0]?.command !== undefined))

const commandRoute = (config: Config, source: SourceConfig, command: string | undefined): RouteConfig | undefined =>
  routesOf(config, source).find(
    (route) => route.command !== undefined && (command === undefined || route.command.includes(command)),
  )

/** By an owner, or by whom the route allows. */
function commentFor(config: Config, source: SourceConfig, { text, command, user }: SampleOptions): unknown {
  const route = commandRoute(config, source, command)
  const params = Object.entries(sampleParams(config, source, route))
  const login = user ?? route?.allow?.users?.[0] ?? push.sender.login
  const body = [
    command ?? route?.command?.[0] ?? '/taskhook',
    text ?? params.map(([name, value]) => `${name}=${value}`).join(' '),
  ]
  return {
    action: 'created',
    issue: { number: 7, pull_request: { url: `${push.repository.url}/pulls/7` } },
    comment: {
      // Another comment each time.
      ...{ id: Math.floor(Math.random() * 1e9), body: body.join(' ').trim(), author_association: 'OWNER' },
      user: { login, type: 'User' },
    },
    repository: push.repository,
    sender: { login, type: 'User' },
    ...(source.options.appId !== undefined && { installation: { id: 1 } }),
  }
}

const routesOf = (config: Config, source: SourceConfig): readonly RouteConfig[] =>
  config.routes.filter(({ on }) => on === source.name)

function slackBody(config: Config, source: SourceConfig, { text, command, user }: SampleOptions): string {
  const [route] = routesOf(config, source)
  const params = sampleParams(config, source)
  return new URLSearchParams({
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: route?.allow?.channels?.[0] ?? 'C2147483705',
    channel_name: 'data',
    user_id: user ?? route?.allow?.users?.[0] ?? 'U2147483697',
    user_name: user === undefined ? 'ann' : 'bob',
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
function pushFor(config: Config, source: SourceConfig, { user }: SampleOptions): unknown {
  const globs = routesOf(config, source).flatMap(({ branches }) => branches ?? [])
  const branch = globs.find((glob) => !/[*?![\]{}]/.test(glob))
  const after = randomUUID().replaceAll('-', '').padEnd(40, '0')
  return {
    ...push,
    after,
    ...(branch !== undefined && { ref: `refs/heads/${branch}` }),
    ...(user !== undefined && { sender: { ...push.sender, login: user } }),
  }
}

/** A value for each required parameter of the route's task that the route does not set itself. */
function sampleParams(
  config: Config,
  source: SourceConfig,
  route: RouteConfig | undefined = routesOf(config, source)[0],
): Readonly<Record<string, unknown>> {
  const params = Object.entries(config.tasks[route?.run ?? '']?.params ?? {})
  const open = params.filter(
    ([name, param]) => param.required && (source.adapter === 'hmac' || route?.with?.[name] === undefined),
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
