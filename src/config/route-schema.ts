/** The shape of a route. */
import * as v from 'valibot'
import { waitDuration } from './duration.ts'
import { choice, choiceMessage, closed, described, mustBe, oneOrMore, text, trueOrFalse } from './fields.ts'

/** Without those that anyone has. https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
const associations = ['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR'] as const

const globs = v.optional(described(oneOrMore('a glob'), 'Globs. "!" excludes; the last match decides.'))

const command = v.pipe(
  text('a command'),
  v.regex(/^\/[^\s/]+$/, ({ input }) =>
    input.startsWith('/')
      ? 'must be "/" and one word, for example "/analyze"'
      : 'must start with "/", for example "/analyze"',
  ),
)

const allow = v.pipe(
  closed({
    users: v.optional(described(oneOrMore('a user'), 'Ids in Slack, logins in GitHub.')),
    userGroups: v.optional(described(oneOrMore('a user group'), 'Ids of Slack user groups: S0123ABC.')),
    teams: v.optional(described(oneOrMore('a team'), 'GitHub teams: organisation/team.')),
    bots: v.optional(
      described(
        oneOrMore('a bot'),
        'GitHub bots, without "[bot]". A bot’s comment or re-run starts nothing otherwise.',
      ),
    ),
    associations: v.optional(
      described(
        v.union([choice(associations), v.pipe(v.array(choice(associations)), v.minLength(1))], (issue) =>
          choiceMessage(issue, associations),
        ),
        'The person’s relation to the GitHub repository: OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR.',
      ),
    ),
    workspaces: v.optional(
      described(oneOrMore('a workspace'), 'Ids of Slack workspaces, T0123ABC, or of organisations, E0123ABC.'),
    ),
    channels: v.optional(described(oneOrMore('a channel'), 'Ids of Slack channels.')),
  }),
  v.check((lists) => Object.keys(lists).length > 0, 'must not be empty: list who is allowed, or remove it'),
)

const approval = closed({
  from: described(
    oneOrMore('a user, a user group or a team'),
    'Who may approve: users, user groups or teams. The requester cannot.',
  ),
  expires: v.optional(
    described(waitDuration, 'How long a run waits for approval before it is cancelled. Default 24h.'),
  ),
})

const paramValue = v.union([v.string(), v.number(), v.boolean()], mustBe('text, a number, true or false'))

export const routeEntries = {
  name: v.optional(
    described(
      v.pipe(text(), v.regex(/^[\w./#-]{1,100}$/, 'must be 1 to 100 letters, digits and . / # _ -')),
      'The name of the route in logs. Default: source/task.',
    ),
  ),
  on: described(text('the name of a source'), 'The source.'),
  run: described(text('the name of a task'), 'The task.'),
  event: v.optional(described(oneOrMore('an event'), 'push, pull_request.opened …, or a list.')),
  command: v.optional(described(command, 'The command that people type: /analyze.')),
  branches: globs,
  tags: globs,
  paths: v.optional(described(oneOrMore('a glob'), 'Globs. One changed file that matches is enough.')),
  repositories: v.optional(described(oneOrMore('a glob like owner/name'), 'Globs of owner/name.')),
  if: v.optional(
    described(text('a CEL expression'), 'A CEL expression over event, body, source and actor. Must be true.'),
  ),
  with: v.optional(
    described(
      v.record(text(), paramValue, mustBe('a mapping')),
      'Parameters that the route sets. Text may contain ${ CEL }.',
    ),
  ),
  allow: v.optional(
    described(
      allow,
      'Who may use the route: a person on any list of people; if workspaces or channels is set, only from those.',
    ),
  ),
  forks: v.optional(
    described(trueOrFalse, 'true: the route also matches what comes, or may come, from a fork. Default false.'),
  ),
  onSpotInterruption: v.optional(
    described(choice(['fail', 'rerun']), 'rerun: after a Spot interruption, the task runs again. Default fail.'),
  ),
  approval: v.optional(described(approval, 'A second person must approve each run before it starts.')),
}
