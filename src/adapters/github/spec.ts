import { emitterEventNames } from '@octokit/webhooks'
import * as v from 'valibot'
import { secretReferences, text, valuesAt } from '../../config/fields.ts'
import type { AdapterSpec, SpecFinding } from '../../config/spec.ts'
import { isTeam } from '../../core/model/user-groups.ts'

export const githubSpec: AdapterSpec = {
  title: 'GitHub',
  entries: {
    secret: secretReferences,
    token: v.optional(secretReferences),
    /** Of a GitHub App, which gets check runs in place of commit statuses. */
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
  events: emitterEventNames,
  check({ appId, privateKey }) {
    if ((appId === undefined) === (privateKey === undefined)) return []
    return appId === undefined
      ? [{ key: 'privateKey', message: 'is of an App; say which in "appId"' }]
      : [{ key: 'appId', message: 'needs the App’s "privateKey"' }]
  },
  checkRoute: (route, source) => [
    ...commandFaults(route, source),
    ...allowFaults(route, source),
    ...approvalFaults(route, source),
  ],
  routeDefaults: ({ command }) =>
    // Anybody may comment on a public repository.
    command === undefined ? {} : { event: commentEvent, allow: { associations: ['OWNER', 'MEMBER', 'COLLABORATOR'] } },
  receiveTokens(source, routes) {
    const asks = routes.some(
      (route) =>
        route.command !== undefined ||
        valuesAt(route, 'event').some((event) => /^issue_comment(\.|$)/.test(event)) ||
        (route.paths !== undefined && takesPulls(route)) ||
        valuesAt(route, 'allow', 'teams').length > 0 ||
        valuesAt(route, 'approval', 'from').some(isTeam),
    )
    return asks ? ['token', 'privateKey'].filter((name) => source[name] !== undefined) : []
  },
}

type Raw = Readonly<Record<string, unknown>>

const commentEvent = 'issue_comment.created'
const canAsk = ({ token, appId }: Raw): boolean => token !== undefined || appId !== undefined

const takesPulls = (route: Raw): boolean =>
  route.event === undefined || valuesAt(route, 'event').some((event) => event.startsWith('pull_request'))

function commandFaults(route: Raw, source: Raw): SpecFinding[] {
  if (route.command === undefined) return []
  const others = valuesAt(route, 'event').filter((event) => ![commentEvent, 'issue_comment'].includes(event))
  return [
    ...others.map((event) => ({ key: 'event', message: `"${event}" brings no commands; ${commentEvent} does` })),
    ...(canAsk(source)
      ? []
      : [
          {
            key: 'command',
            message:
              'needs a "token" or an App in the source, by which GitHub is asked for the commit and told the answer',
          },
        ]),
  ]
}

/** Where the payload says what its sender is to the repository. */
const saysAssociation = /^(issue_comment|commit_comment|discussion_comment|pull_request_review(_comment)?)(\.|$)/

function allowFaults(route: Raw, source: Raw): SpecFinding[] {
  const at = (message: string) => ({ key: 'allow', message })
  const teams = valuesAt(route, 'allow', 'teams')
  const events = valuesAt(route, 'event')
  const unsaid = route.command === undefined && (events.length === 0 || !events.every((e) => saysAssociation.test(e)))
  return [
    ...(['userGroups', 'channels'] as const)
      .filter((list) => valuesAt(route, 'allow', list).length > 0)
      .map((list) => at(`"${list}" are Slack’s; GitHub has users, teams and associations`)),
    ...teams
      .filter((name) => !/^[\w-]+\/[\w-]+$/.test(name))
      .map((name) => at(`"${name}" is not a team: organisation/team`)),
    ...(teams.length > 0 && !canAsk(source)
      ? [at('names a team; add a "token" or an App to the source, by which GitHub can be asked who is in it')]
      : []),
    ...(valuesAt(route, 'allow', 'associations').length > 0 && unsaid
      ? [at('"associations" are said of comments and reviews only; name such an event, or use users or teams')]
      : []),
  ]
}

function approvalFaults(route: Raw, source: Raw): SpecFinding[] {
  if (route.approval === undefined) return []
  const findings: SpecFinding[] = []
  if (source.appId === undefined && route.command === undefined)
    findings.push({
      key: 'approval',
      message: 'has no place to be given: it needs a GitHub App, whose check runs have buttons, or a "command"',
    })
  if (valuesAt(route, 'approval', 'from').some(isTeam) && !canAsk(source))
    findings.push({
      key: 'approval',
      message: 'names a team; add a "token" or an App to the source, by which GitHub can be asked who is in it',
    })
  return findings
}
