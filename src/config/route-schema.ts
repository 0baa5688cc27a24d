/** The shape of a route. */
import * as v from 'valibot'
import { choice, closed, described, oneOrMore, text, wait, wanted } from './fields.ts'

/** https://docs.github.com/en/graphql/reference/enums#commentauthorassociation, but for those that anybody has. */
const associations = ['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR'] as const

export const routeEntries = {
  name: v.optional(
    described(
      v.pipe(text(), v.regex(/^[\w./#-]{1,100}$/, 'takes letters, digits and . / # _ -')),
      'Names the route in logs.',
    ),
  ),
  on: described(text('the name of a source'), 'The source.'),
  run: described(text('the name of a task'), 'The task.'),
  event: v.optional(described(oneOrMore('an event'), 'push, pull_request.opened …, or a list.')),
  command: v.optional(
    described(
      v.pipe(text('a command'), v.regex(/^\/[^\s/]+$/, 'is a command: a slash and a word')),
      'The command: /analyze.',
    ),
  ),
  branches: v.optional(described(oneOrMore('a glob'), 'Globs; "!" excludes, the last match decides.')),
  tags: v.optional(described(oneOrMore('a glob'), 'Globs; "!" excludes, the last match decides.')),
  paths: v.optional(described(oneOrMore('a glob'), 'Globs; one changed file that matches is enough.')),
  repositories: v.optional(described(oneOrMore('a glob like owner/name'), 'Globs of owner/name.')),
  if: v.optional(described(text('a CEL expression'), 'A CEL expression over event, body, source and actor.')),
  with: v.optional(
    described(
      v.record(
        text(),
        v.union([v.string(), v.number(), v.boolean()], wanted('text, a number, true or false')),
        wanted('a mapping'),
      ),
      'Parameters that the route sets; text may hold ${ CEL }.',
    ),
  ),
  allow: v.optional(
    described(
      v.pipe(
        closed({
          users: v.optional(described(oneOrMore('a user'), 'Slack’s ids, GitHub’s logins.')),
          userGroups: v.optional(described(oneOrMore('a user group'), 'Slack’s ids of user groups: S0123ABC.')),
          teams: v.optional(described(oneOrMore('a team'), 'GitHub’s teams: organisation/team.')),
          associations: v.optional(
            described(
              v.union([choice(associations), v.pipe(v.array(choice(associations)), v.minLength(1))], (issue) =>
                issue.received === 'undefined'
                  ? 'is missing'
                  : `${issue.received} is not one of ${associations.join(', ')}`,
              ),
              'What GitHub says of the person: OWNER, MEMBER, COLLABORATOR …',
            ),
          ),
          channels: v.optional(described(oneOrMore('a channel'), 'Slack’s ids of channels.')),
        }),
        v.check((lists) => Object.keys(lists).length > 0, 'names nobody; leave it out, or say who may'),
      ),
      'Who may: whoever is in one of the lists of people; channels narrow it down.',
    ),
  ),
  forks: v.optional(
    described(v.boolean(wanted('true or false')), 'true: pull requests of forks may take it, too. Default false.'),
  ),
  onSpotInterruption: v.optional(
    described(choice(['fail', 'rerun']), 'rerun: where Spot takes its capacity back, it runs again; default fail.'),
  ),
  approval: v.optional(
    described(
      closed({
        from: described(oneOrMore('a user, a user group or a team'), 'Who may say yes: users, user groups or teams.'),
        expires: v.optional(described(wait, 'How long it waits; default 24h.')),
      }),
      'A second person must say yes before it starts.',
    ),
  ),
}
