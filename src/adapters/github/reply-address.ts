/** Where a run's state is reported: a commit, and the comment that requested the run. Pure. */
import { asInteger, asName, asText, optional, type Payload, valueAt } from './payload.ts'
import { commitOf } from './read-refs.ts'

/** As the ledger stores it. It holds no token. */
export type ReplyAddress = {
  /** `owner/name`. */
  readonly repository: string
  /** The commit. */
  readonly sha?: string
  /** The App's installation in that repository. */
  readonly installation?: number
  /** The number of the issue or pull request, the id of the comment on it, and its command: all three, or none. */
  readonly issue?: number
  readonly comment?: number
  readonly command?: string
}

export interface Repository {
  readonly owner: string
  readonly repo: string
}

export interface CommentAddress {
  readonly issue: number
  readonly comment: number
  readonly command: string
}

/** Also used for an address that is made from a payload, so that no other text gets into the URL of a call. */
export function parseReplyAddress(stored: unknown): ReplyAddress | null {
  const repository = asText(valueAt(stored, 'repository'))
  if (repository === undefined || !repositoryPattern.test(repository)) return null
  const address = {
    repository,
    ...optional('sha', asText(valueAt(stored, 'sha'))),
    ...optional('installation', asInteger(valueAt(stored, 'installation'))),
  }
  const issue = asInteger(valueAt(stored, 'issue'))
  const comment = asInteger(valueAt(stored, 'comment'))
  return issue === undefined || comment === undefined
    ? address
    : { ...address, issue, comment, command: asText(valueAt(stored, 'command')) ?? '' }
}

/** Neither part can be `.` or `..`, which would change the path of the URL. */
const repositoryPattern = /^[\w-]+\/(?!\.\.?$)[\w.-]+$/

export function repositoryOf({ repository }: ReplyAddress): Repository {
  const [owner = '', repo = ''] = repository.split('/')
  return { owner, repo }
}

export const commentOf = ({ issue, comment, command = '' }: ReplyAddress): CommentAddress | undefined =>
  issue === undefined || comment === undefined ? undefined : { issue, comment, command }

/** @param payload that may name the App's installation. @returns null: there is no valid repository */
export const repositoryAddressOf = (repository: string | undefined, payload: unknown): ReplyAddress | null =>
  parseReplyAddress({ repository, installation: valueAt(payload, 'installation', 'id') })

/** The repository that the payload is about. */
export const repositoryNameOf = (payload: Payload): string | undefined =>
  asName(valueAt(payload, 'repository', 'full_name'))

/** The commit that the event is about. Null: it is about none. */
export function commitAddressOf(event: string, payload: Payload): ReplyAddress | null {
  const sha = commitOf(event, payload)
  const address = repositoryAddressOf(repositoryNameOf(payload), payload)
  return sha === undefined || address === null ? null : { ...address, sha }
}
