/** Who may use a route, and who may approve its runs. Pure. */

import type { RouteConfig } from '../model/config.ts'
import type { Facts, Trigger } from '../model/trigger.ts'
import type { Route } from './prepare-route.ts'

/** Undefined: the person may use the route. A group whose members are not known yet (`lookupFor`) does not allow anyone. */
export function whyNotAllowed({ config }: Route, { facts }: Pick<Trigger, 'facts'>): string | undefined {
  const { users, bots, workspaces, channels, associations, userGroups, teams } = config.allow ?? {}
  if (needsBotAllowed(config, facts)) return 'this is not open to bots'
  const namesPeople = [users, bots, associations, userGroups, teams].some((list) => list !== undefined)
  const isListed =
    isListedBot(config, facts) ||
    isNamed(users, facts) ||
    (facts.association !== undefined && associations?.includes(facts.association)) ||
    allowedGroups(config).some((group) => facts.groups?.includes(group))
  if (namesPeople && !isListed) return 'this is not open to you'
  if (workspaces !== undefined && !facts.workspaces?.some((id) => workspaces.includes(id)))
    return 'this is not open in this workspace'
  if (channels !== undefined && (facts.channel === undefined || !channels.includes(facts.channel)))
    return 'this is not open in this channel'
  return undefined
}

/** Whether a request comes from the workspace that started the run. Runs of earlier versions name none, and so do other senders. */
export const isOwnWorkspace = ({ workspace }: { readonly workspace?: string }, { workspaces }: Facts): boolean =>
  workspace === undefined || workspaces?.includes(workspace) === true

const isListedBot = ({ allow }: RouteConfig, { bot }: Facts): boolean =>
  bot !== undefined && allow?.bots?.some((name) => equalIgnoringCase(name, bot)) === true

/** Whether a bot caused the event, and only routes that name the bot take it. */
export const needsBotAllowed = (config: RouteConfig, facts: Facts): boolean =>
  facts.botsNeedAllow === true && !isListedBot(config, facts)

/** Whether the person may approve or reject a run of the route. */
export const mayApprove = ({ config }: Route, { facts }: Pick<Trigger, 'facts'>): boolean =>
  isNamed(config.approval?.from, facts) ||
  (config.approval?.from ?? []).some((group) => facts.groups?.includes(group) === true)

const isNamed = (names: readonly string[] | undefined, { user }: Facts): boolean =>
  user !== undefined && names?.some((name) => equalIgnoringCase(name, user)) === true

/** GitHub's logins are case-insensitive, and Slack's ids are always upper case. */
export const equalIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The groups whose members may use the route: Slack's user groups, GitHub's teams. */
export const allowedGroups = ({ allow: { userGroups = [], teams = [] } = {} }: RouteConfig): readonly string[] => [
  ...userGroups,
  ...teams,
]
