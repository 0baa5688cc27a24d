/** What an event does not say, asked of GitHub: which commit a comment is about, which files change, who is in which team. */
import type { Adapter, Facts, Json, LookupResult } from '../../core/adapter.ts'
import { isTeam } from '../../core/model/user-groups.ts'
import type { ApiClient, ApiClients } from './api-client.ts'
import { maxFiles } from './changed-paths.ts'
import { at, defined, number, type Payload, text } from './payload.ts'
import { parseReplyAddress, type ReplyAddress } from './reply-address.ts'
import { isOfFork } from './route-facts.ts'
import { isSha } from './translate.ts'

type Inquire = NonNullable<Adapter['enrich']>

export const createEnrich =
  (voices: ApiClients): Inquire =>
  async ({ facts, replyAddress, payload, incomplete }, { paths, groups }, tools) => {
    const place = replyAddress ?? placeOf(facts, payload)
    const target = parseReplyAddress(place)
    const asksPull = incomplete === true || (paths && at(payload, 'pull_request') !== undefined)
    const teams = groups.filter(isTeam)
    if (target === undefined || (!asksPull && teams.length === 0)) return {}
    const voice = await voices(target.installation, tools)
    if (voice === undefined) {
      if (incomplete === true && facts.command !== undefined)
        throw new Error('there is no token to ask GitHub which commit the comment is about')
      return {}
    }
    const [pull, memberOf] = await Promise.all([
      asksPull
        ? pullOf(voice, target, { payload, replyAddress: place, facts, incomplete, paths })
        : ({} as LookupResult),
      teamsOf(voice, teams, facts.user),
    ])
    return { ...pull, facts: { ...pull.facts, ...(teams.length > 0 && { groups: memberOf }) } }
  }

/** Of a comment that is no command: nobody answers it. */
const placeOf = ({ repository }: Facts, payload: unknown): Json =>
  repository === undefined
    ? null
    : { repository, ...defined('installation', number(at(payload, 'installation', 'id'))) }

interface Asking {
  readonly payload: unknown
  readonly replyAddress: Json
  readonly facts: Facts
  readonly incomplete: true | undefined
  readonly paths: boolean
}

/** The commit is pinned here: what is pushed later is not what the person has seen. */
async function pullOf(voice: ApiClient, target: ReplyAddress, asking: Asking): Promise<LookupResult> {
  const { payload, incomplete } = asking
  if (incomplete !== true) return { facts: { paths: await filesOf(voice, target, at(payload, 'pull_request')) } }
  const { owner, repo } = target
  const { data } = await voice.speak('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    ...{ owner, repo },
    pull_number: number(at(payload, 'issue', 'number')) ?? 0,
  })
  const pull = data as unknown as Payload
  const sha = text(at(pull, 'head', 'sha'))
  if (sha === undefined || !isSha(sha)) throw new Error('GitHub does not say which commit the pull request is at')
  const branch = text(at(pull, 'base', 'ref'))
  return {
    payload: { ...(payload as Payload), pull_request: pull },
    // Of what is no command nobody has pinned anything when it was written: no commit is told of it.
    ...(asking.facts.command !== undefined && {
      replyAddress: { ...(asking.replyAddress as Readonly<Record<string, Json>>), sha },
    }),
    facts: {
      fork: isOfFork({ pull_request: pull }),
      ...(branch !== undefined && { branch }),
      paths: asking.paths ? await filesOf(voice, target, pull) : 'unknown',
    },
  }
}

const perPage = 100

/** All of them, or `unknown`: GitHub lists 3,000 files at most. https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
async function filesOf(
  { speak }: ApiClient,
  { owner, repo }: ReplyAddress,
  pull: unknown,
): Promise<NonNullable<Facts['paths']>> {
  const pullNumber = number(at(pull, 'number'))
  const count = number(at(pull, 'changed_files'))
  if (pullNumber === undefined || count === undefined || count >= maxFiles) return 'unknown'
  try {
    const pages = await Promise.all(
      Array.from({ length: Math.max(1, Math.ceil(count / perPage)) }, async (_, page) => {
        const { data } = await speak('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
          ...{ owner, repo, per_page: perPage, page: page + 1 },
          pull_number: pullNumber,
        })
        return data
      }),
    )
    const files = pages.flat()
    // Pushed to meanwhile: the list is of another moment than the count.
    if (files.length < count) return 'unknown'
    return files.flatMap(({ filename, previous_filename: before }) =>
      before === undefined ? [filename] : [filename, before],
    )
  } catch {
    // Nothing must be missed because GitHub has a bad day.
    return 'unknown'
  }
}

/** https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user */
async function teamsOf({ speak }: ApiClient, teams: readonly string[], username = ''): Promise<string[]> {
  const found = await Promise.all(
    teams.map(async (name) => {
      const [org = '', team_slug = ''] = name.split('/')
      try {
        const { data } = await speak('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
          org,
          team_slug,
          username,
        })
        return data.state === 'active' ? [name] : []
      } catch (error) {
        if ((error as { readonly status?: number }).status === 404) return []
        throw error
      }
    }),
  )
  return found.flat()
}
