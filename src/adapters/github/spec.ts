/** The config of a GitHub source, and what `taskhook check` checks in it and in its routes. */
import { emitterEventNames } from '@octokit/webhooks'
import * as v from 'valibot'
import { secretReferences, text, valuesAt } from '../../config/fields.ts'
import type { AdapterSpec, Raw, SpecFinding } from '../../config/spec.ts'
import type { RouteConfig } from '../../core/model/config.ts'
import { isTeam } from '../../core/model/user-groups.ts'
import { isEventName, isFreeAction, moreEventNames } from './event-names.ts'
import { conflictOf, type FilterConflict, type RouteFilters } from './filter-conflicts.ts'

const events: readonly string[] = [...new Set([...emitterEventNames, ...moreEventNames])]
const isEventOfSchema = (event: string): boolean => events.includes(event)

export const githubSpec: AdapterSpec = {
  title: 'GitHub',
  entries: {
    secret: secretReferences,
    token: v.optional(secretReferences),
    /** Of a GitHub App, which writes check runs in place of commit statuses. */
    appId: v.optional(
      v.pipe(
        v.number('must be the number of the App'),
        v.integer('must be an integer'),
        v.minValue(1, 'must be 1 or more'),
      ),
    ),
    privateKey: v.optional(secretReferences),
    apiUrl: v.optional(v.pipe(text('a URL'), v.url('must be a URL like https://github.example.com/api/v3'))),
  },
  secret: 'secret',
  tokens: ['token', 'privateKey'],
  filters: ['event', 'command', 'branches', 'tags', 'paths', 'repositories', 'forks', 'allow', 'approval'],
  givesParams: false,
  namesBots: true,
  events,
  isKnownEvent: isFreeAction,
  isEventName,
  check({ appId, privateKey }) {
    if ((appId === undefined) === (privateKey === undefined)) return []
    return appId === undefined
      ? [{ key: 'privateKey', message: 'belongs to an App; set its "appId"' }]
      : [{ key: 'appId', message: 'needs the App’s "privateKey"' }]
  },
  checkRoute: (route, source) => [
    ...commandFindings(route, source),
    ...allowFindings(route, source),
    ...approvalFindings(route, source),
    ...conflictFindings(route),
  ],
  routeNotes: (route, { options }) => [
    ...conflictNotes(route),
    ...(options.appId !== undefined && route.repositories === undefined
      ? ['has no "repositories", so it takes the deliveries of every repository that the App is installed in']
      : []),
  ],
  routeDefaults: ({ command }) =>
    // On a public repository, anyone can comment.
    command === undefined ? {} : { event: commentEvent, allow: { associations: ['OWNER', 'MEMBER', 'COLLABORATOR'] } },
  receiveTokens: (source, routes) =>
    routes.some(needsLookup) ? ['token', 'privateKey'].filter((name) => source[name] !== undefined) : [],
}

const commentEvent = 'issue_comment.created'
const hasCredentials = ({ token, appId }: Raw): boolean => token !== undefined || appId !== undefined

/** Whether `receive` must ask GitHub before it can decide about the route. */
const needsLookup = (route: Raw): boolean =>
  route.command !== undefined ||
  valuesAt(route, 'event').some((event) => /^issue_comment(\.|$)/.test(event)) ||
  (route.paths !== undefined && matchesPullRequests(route)) ||
  valuesAt(route, 'allow', 'teams').length > 0 ||
  valuesAt(route, 'approval', 'from').some(isTeam)

const matchesPullRequests = (route: Raw): boolean =>
  route.event === undefined || valuesAt(route, 'event').some((event) => event.startsWith('pull_request'))

const teamNeedsCredentials =
  'names a team; add a "token" or an App to the source, so that taskhook can ask GitHub for its members'

function commandFindings(route: Raw, source: Raw): readonly SpecFinding[] {
  if (route.command === undefined) return []
  const others = valuesAt(route, 'event').filter((event) => ![commentEvent, 'issue_comment'].includes(event))
  return [
    ...others.map((event) => ({ key: 'event', message: `"${event}" contains no commands; use ${commentEvent}` })),
    ...(hasCredentials(source)
      ? []
      : [
          {
            key: 'command',
            message:
              'needs a "token" or an App in the source, to ask GitHub for the commit and to reply to the comment',
          },
        ]),
  ]
}

/** Events whose payload contains the association of the sender. */
const hasAssociation = /^(issue_comment|commit_comment|discussion_comment|pull_request_review(_comment)?)(\.|$)/

function allowFindings(route: Raw, source: Raw): readonly SpecFinding[] {
  const teams = valuesAt(route, 'allow', 'teams')
  const events = valuesAt(route, 'event')
  const lacksAssociation =
    route.command === undefined && (events.length === 0 || !events.every((event) => hasAssociation.test(event)))
  const messages = [
    ...['userGroups', 'workspaces', 'channels']
      .filter((list) => valuesAt(route, 'allow', list).length > 0)
      .map((list) => `"${list}" is for Slack; GitHub has users, teams and associations`),
    ...teams
      .filter((name) => !/^[\w-]+\/[\w-]+$/.test(name))
      .map((name) => `"${name}" is not a team: organisation/team`),
    ...valuesAt(route, 'allow', 'bots')
      .filter((name) => !/^[\w-]+$/.test(name))
      .map((name) => `"${name}" is not the name of a bot: write it without "[bot]", such as renovate`),
    ...(teams.length > 0 && !hasCredentials(source) ? [teamNeedsCredentials] : []),
    ...(valuesAt(route, 'allow', 'associations').length > 0 && lacksAssociation
      ? ['only comments and reviews have "associations"; set one of those events, or use users or teams']
      : []),
  ]
  return messages.map((message) => ({ key: 'allow', message }))
}

function approvalFindings(route: Raw, source: Raw): readonly SpecFinding[] {
  if (route.approval === undefined) return []
  const messages = [
    ...(source.appId === undefined && route.command === undefined
      ? ['cannot be given: add a GitHub App, whose check runs have buttons, or a "command"']
      : []),
    ...(valuesAt(route, 'approval', 'from').some(isTeam) && !hasCredentials(source) ? [teamNeedsCredentials] : []),
  ]
  return messages.map((message) => ({ key: 'approval', message }))
}

/** What keeps each event of a route from ever matching. */
const conflictsOf = (events: readonly string[], route: RouteFilters): readonly FilterConflict[] =>
  events.flatMap((event) => conflictOf(event, route, isEventOfSchema) ?? [])

/** If no event of the route can match, it would never run. */
function conflictFindings(route: Raw): readonly SpecFinding[] {
  const events = valuesAt(route, 'event')
  const conflicts = conflictsOf(events, route)
  return conflicts.length < events.length
    ? []
    : conflicts.map(({ key, because }) => ({ key, message: `${because}, so the route can never match` }))
}

const conflictNotes = (route: RouteConfig): readonly string[] =>
  conflictsOf(route.event ?? [], route).map(({ because }) => `${because}, so it can never match here`)
