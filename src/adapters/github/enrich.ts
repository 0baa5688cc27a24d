/** Asks GitHub for facts that an event does not contain: the pull request of a comment, changed files, team membership. */
import type { Lookup, LookupContext, LookupResult, SenderTools } from '../../core/adapter.ts'
import { isTeam } from '../../core/model/user-groups.ts'
import type { ApiClient, GetApiClient } from './api-client.ts'
import { valueAt } from './payload.ts'
import { changedFilesOf, lookUpPullRequest } from './pull-request.ts'
import { type ReplyAddress, repositoryAddressOf } from './reply-address.ts'
import { teamsOf } from './team-membership.ts'

export const createEnrich =
  (getClient: GetApiClient) =>
  async (
    context: LookupContext<ReplyAddress>,
    lookup: Lookup,
    tools: SenderTools,
  ): Promise<LookupResult<ReplyAddress>> => {
    const { facts, payload, incomplete } = context
    // A comment without a command has no reply address, but its pull request may be needed.
    const address = context.replyAddress ?? repositoryAddressOf(facts.repository, payload)
    const pull = valueAt(payload, 'pull_request')
    const needsPull = incomplete === true || (lookup.paths && pull !== undefined)
    const teams = lookup.groups.filter(isTeam)
    if (address === null || (!needsPull && teams.length === 0)) return {}
    const client = await getClient(address.installation, tools)
    if (client === undefined) {
      if (incomplete === true && facts.command !== undefined)
        throw new Error('there is no token to ask GitHub which commit the comment is about')
      return {}
    }
    const [found, memberOf] = await Promise.all([
      needsPull ? lookUpPull(client, address, context, lookup) : nothing,
      teamsOf(client, teams, facts.user),
    ])
    return { ...found, facts: { ...found.facts, ...(teams.length > 0 && { groups: memberOf }) } }
  }

const nothing: LookupResult<ReplyAddress> = {}

const lookUpPull = async (
  client: ApiClient,
  address: ReplyAddress,
  { facts, payload, incomplete }: LookupContext<ReplyAddress>,
  { paths }: Lookup,
): Promise<LookupResult<ReplyAddress>> =>
  incomplete === true
    ? lookUpPullRequest(client, address, { payload, facts, needsPaths: paths })
    : { facts: { paths: await changedFilesOf(client, address, valueAt(payload, 'pull_request')) } }
