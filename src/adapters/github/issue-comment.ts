/** Comments and reactions on issues and pull requests. https://docs.github.com/en/rest/issues/comments */
import type { RunView } from '../../core/adapter.ts'
import { cutText } from '../../core/text/cut-text.ts'
import { type ApiClient, statusOf } from './api-client.ts'
import { isActive, runComment } from './comment-text.ts'
import { commentMarker } from './own-marks.ts'
import { type CommentAddress, type ReplyAddress, repositoryOf } from './reply-address.ts'

/** A comment with a command, in its repository. */
export type CommentPlace = ReplyAddress & CommentAddress

type Reaction = '+1' | 'confused' | 'eyes' | 'rocket'

/** In characters. GitHub accepts 65,536. */
const maxComment = 60_000

/** Undefined if the comment was deleted, or if the conversation is locked: a retry would not help. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if ([403, 404, 410].includes(statusOf(error) ?? 0)) return undefined
    throw error
  }
}

/** Repeating a reaction changes nothing. https://docs.github.com/en/rest/reactions/reactions */
export async function react({ request }: ApiClient, place: CommentPlace, content: Reaction): Promise<void> {
  await request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
    ...repositoryOf(place),
    comment_id: place.comment,
    content,
  })
}

export const reactionOf = (run: RunView): Reaction =>
  isActive(run) ? 'eyes' : run.status === 'succeeded' ? 'rocket' : 'confused'

/** @returns the id of the comment */
export async function createComment({ request }: ApiClient, place: CommentPlace, body: string): Promise<number> {
  const { data } = await request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...repositoryOf(place),
    issue_number: place.issue,
    body: cutText(body, maxComment),
  })
  return Number(data.id)
}

interface KnownComment {
  /** Id of the run's comment, if it is remembered. */
  readonly known: number | undefined
  /** Of the App that writes. */
  readonly appId: number | undefined
}

/**
 * Creates or edits the run's comment. If it is not remembered, it is looked up first: a process may have created it and stopped before it
 * could store the id, and there must be only one.
 * @returns the id of the comment
 */
export async function writeRunComment(
  client: ApiClient,
  place: CommentPlace,
  run: RunView,
  { known, appId }: KnownComment,
): Promise<number> {
  const body = runComment(run, place.command)
  const id = known ?? (await findRunComment(client, place, run, appId))
  if (id !== undefined) {
    const edit = client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      ...repositoryOf(place),
      comment_id: id,
      body,
    })
    if ((await unlessGone(edit)) !== undefined) return id
  }
  return createComment(client, place, body)
}

async function findRunComment(
  { request }: ApiClient,
  place: CommentPlace,
  { run, createdAt }: RunView,
  appId: number | undefined,
): Promise<number | undefined> {
  const { data } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...repositoryOf(place),
    issue_number: place.issue,
    since: createdAt,
    per_page: 100,
  })
  const own = (Array.isArray(data) ? data : []).find(
    ({ body = '', performed_via_github_app: app }) =>
      body.startsWith(commentMarker(run)) && (app === null || app === undefined || app.id === appId),
  )
  return own === undefined ? undefined : Number(own.id)
}
