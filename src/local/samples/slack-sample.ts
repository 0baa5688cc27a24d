/** A sample slash command of Slack, as a form. */
import { randomUUID } from 'node:crypto'
import type { SourceConfig } from '../../core/adapter.ts'
import type { Config } from '../../core/model/config.ts'
import type { SampleOptions } from './sample-options.ts'
import { paramsText, routesOf, sampleParams } from './sample-params.ts'

/** From a user, a workspace and a channel that the route allows: the first one with this command. */
export function sampleSlackCommand(
  config: Config,
  source: SourceConfig,
  { text, command, user }: SampleOptions,
): string {
  const routes = routesOf(config, source)
  const route = routes.find((one) => command === undefined || one.command?.includes(command) === true) ?? routes[0]
  const workspaces = route?.allow?.workspaces ?? []
  const enterprise = workspaces.find((id) => id.startsWith('E'))
  return new URLSearchParams({
    team_id: workspaces.find((id) => id.startsWith('T')) ?? 'T0001',
    ...(enterprise !== undefined && { enterprise_id: enterprise }),
    team_domain: 'example',
    channel_id: route?.allow?.channels?.[0] ?? 'C2147483705',
    channel_name: 'data',
    user_id: user ?? route?.allow?.users?.[0] ?? 'U2147483697',
    user_name: user === undefined ? 'ann' : 'bob',
    command: command ?? route?.command?.[0] ?? '/taskhook',
    text: text ?? paramsText(sampleParams(config, source, route)),
    api_app_id: 'A123456',
    response_url: 'https://hooks.slack.com/commands/T0001/1/sample',
    // Identifies the command, so a new one makes it a new delivery each time.
    trigger_id: `${Date.now()}.1.${randomUUID()}`,
  }).toString()
}
