/** What people read under their comment: reactions, and one answer that is edited as the run moves on. */
import type { Answer, RunView, TaskHelp } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { typedActionHelp } from '../../core/model/typed-actions.ts'
import { describeParam } from '../../core/text/describe-param.ts'
import { describeParams, describeRun } from '../../core/text/run-summary.ts'
import type { ApiClient } from './api-client.ts'
import { ownMark } from './comment-command.ts'
import { type ReplyAddress, shorten } from './reply-address.ts'
import { summaryOf } from './run-markdown.ts'

type Place = Pick<ReplyAddress, 'owner' | 'repo'> & { readonly comment: NonNullable<ReplyAddress['comment']> }
type Reaction = '+1' | 'confused' | 'eyes' | 'rocket'

const icons: Readonly<Record<RunStatus, string>> = {
  queued: '⏳',
  starting: '⏳',
  running: '▶️',
  succeeded: '✅',
  failed: '❌',
  cancelled: '🛑',
  'timed-out': '⏰',
  'failed-to-start': '⚠️',
}

const isGoing = ({ status }: RunView): boolean => ['queued', 'starting', 'running'].includes(status)

/** Deleted, or in a conversation that has been locked: trying again will not help. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if ([403, 404, 410].includes((error as { readonly status?: number }).status ?? 0)) return undefined
    throw error
  }
}

/** The same reaction twice is one. https://docs.github.com/en/rest/reactions/reactions */
export async function react({ speak }: ApiClient, { owner, repo, comment }: Place, content: Reaction): Promise<void> {
  await speak('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
    ...{ owner, repo, content },
    comment_id: comment.id,
  })
}

export const reactionOf = (run: RunView): Reaction =>
  isGoing(run) ? 'eyes' : run.status === 'succeeded' ? 'rocket' : 'confused'

/**
 * @param known the answer's number. Without it the answer is looked for: it may have been written by somebody who died before he could
 *   tell, and there must be one only
 */
export async function writeAnswer(
  { speak }: ApiClient,
  place: Place,
  run: RunView,
  { known, appId }: { readonly known?: number | undefined; readonly appId: number | undefined },
): Promise<number> {
  const { owner, repo, comment } = place
  const body = answerText(run, comment.command)
  const found = known ?? (await findAnswer(speak, place, run, appId))
  if (found !== undefined) {
    const place = { owner, repo, comment_id: found, body }
    const edited = await unlessGone(speak('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', place))
    if (edited !== undefined) return found
  }
  return say(speak, place, body)
}

export async function say(speak: ApiClient['speak'], { owner, repo, comment }: Place, body: string): Promise<number> {
  const { data } = await speak('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    // GitHub takes 65,536 characters.
    ...{ owner, repo, body: shorten(body, 60_000) },
    issue_number: comment.issue,
  })
  return Number(data.id)
}

const markOf = (run: string): string => `${ownMark}${run} -->`

async function findAnswer(
  speak: ApiClient['speak'],
  { owner, repo, comment }: Place,
  { run, createdAt }: RunView,
  appId: number | undefined,
): Promise<number | undefined> {
  const { data } = await speak('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...{ owner, repo },
    issue_number: comment.issue,
    since: createdAt,
    per_page: 100,
  })
  const ours = (Array.isArray(data) ? data : []).find(
    ({ body = '', performed_via_github_app: app }) =>
      body.startsWith(markOf(run)) && (app === null || app === undefined || app.id === appId),
  )
  return ours === undefined ? undefined : Number(ours.id)
}

function answerText(run: RunView, command: string): string {
  const icon = run.approval === undefined ? icons[run.status] : '✋'
  const words = run.approval !== undefined ? ['approve', 'reject'] : isGoing(run) ? ['cancel'] : ['rerun']
  const hints = `${words.map((word) => `\`${command} ${word} ${run.run}\``).join(' or ')} · [status](${run.statusUrl})`
  return [markOf(run.run), `${icon} **${run.task}** ${plain(describeRun(run))}`, '', summaryOf(run), '', hints].join(
    '\n',
  )
}

/** Text from outside, without what Markdown or a mention would make of it. */
const plain = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>()#|~&]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/\s+/g, ' ')

/** The answer to what starts nothing; undefined: a reaction says it. */
export function sayingOf(answer: Answer): string | undefined {
  const mark = `${ownMark}- -->\n`
  switch (answer.kind) {
    case 'help':
      return mark + answer.tasks.map((task) => helpText(answer.command, task)).join('\n\n')
    case 'recent':
      return mark + (answer.runs.length === 0 ? 'Nothing has run yet.' : answer.runs.map(recentText).join('\n'))
    case 'ignored':
      return `${mark}Nothing was started: ${plain(answer.reason)}.`
    case 'refused': {
      // Whoever may not is told so by a reaction: anybody can write comments, and each answer is one more.
      if (answer.status === 403) return undefined
      const nothing = answer.onExistingRun === true ? 'Nothing was done.' : 'Nothing was started.'
      const lines = answer.problems.map(
        ({ path, message }) => `- ${path === '' ? '' : `**${plain(path)}** `}${plain(message)}`,
      )
      return [`${mark}${nothing} ${plain(answer.title)}`, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')
    }
    default:
      return undefined
  }
}

const recentText = (run: RunView): string =>
  `- ${icons[run.status]} **${run.task}** ${plain(describeRun(run))} · ${plain(describeParams(run))} · \`${run.run}\` · ${run.createdAt}`

function helpText(command: string, { task, description, params }: TaskHelp): string {
  const entries = Object.entries(params)
  const usage = [command, ...entries.map(([name, param]) => (param.required ? `${name}=…` : `[${name}=…]`))].join(' ')
  const lines = entries.map(([name, param]) => {
    const about = param.description === undefined ? '' : `${param.description}: `
    const fallback = param.default === undefined ? (param.required ? ' (required)' : '') : ` (default ${param.default})`
    return `- **${name}** ${plain(`${about}${describeParam(param)}${fallback}`)}`
  })
  const more = typedActionHelp.map((words) => `\`${command} ${words}\``).join(' · ')
  return [`**${task}** ${plain(description ?? '')}`, '', `\`${usage}\``, '', ...lines, '', `Also: ${more}`].join('\n')
}
