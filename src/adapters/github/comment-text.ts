/** What taskhook writes into comments. Pure. */
import type { Answer, RefusedAnswer, RunView, TaskHelp } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { typedActionHelp } from '../../core/model/typed-actions.ts'
import { commandUsage, typingRules } from '../../core/text/command-usage.ts'
import { describeParam } from '../../core/text/describe-param.ts'
import { describeParams, describeRun } from '../../core/text/run-summary.ts'
import { escapeMarkdown } from './markdown.ts'
import { commentMarker } from './own-marks.ts'
import { runMarkdown } from './run-markdown.ts'

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

/** The comment that follows a run. It is edited whenever the run's status changes. @param command that started the run */
export function runComment(run: RunView, command: string): string {
  const icon = run.approval === undefined ? icons[run.status] : '✋'
  const actions = nextActions(run).map((action) => `\`${command} ${action} ${run.run}\``)
  return [
    commentMarker(run.run),
    `${icon} **${run.task}** ${escapeMarkdown(describeRun(run))}`,
    '',
    runMarkdown(run),
    '',
    `${actions.join(' or ')} · [status](${run.statusUrl})`,
  ].join('\n')
}

const nextActions = (run: RunView): readonly string[] => {
  if (run.approval !== undefined) return ['approve', 'reject']
  return isActive(run) ? ['cancel'] : ['rerun']
}

export const isActive = ({ status }: RunView): boolean => ['queued', 'starting', 'running'].includes(status)

/** The comment that answers a command which starts no run. Undefined: a reaction is enough. */
export function answerComment(answer: Answer): string | undefined {
  const text = answerText(answer)
  return text === undefined ? undefined : `${commentMarker()}\n${text}`
}

function answerText(answer: Answer): string | undefined {
  switch (answer.kind) {
    case 'help':
      return answer.tasks.map((task) => helpText(answer.command, task)).join('\n\n')
    case 'recent':
      return answer.runs.length === 0 ? 'There are no runs yet.' : answer.runs.map(recentRunText).join('\n')
    case 'ignored':
      return `Nothing was started: ${escapeMarkdown(answer.reason)}.`
    case 'refused':
      return refusedText(answer)
    default:
      return undefined
  }
}

function refusedText({ status, title, problems, onExistingRun }: RefusedAnswer): string | undefined {
  // Anyone can write comments, so a person without permission gets no reply: each would be one more comment.
  if (status === 403) return undefined
  const nothing = onExistingRun === true ? 'Nothing was done.' : 'Nothing was started.'
  const lines = problems.map(
    ({ path, message }) => `- ${path === '' ? '' : `**${escapeMarkdown(path)}** `}${escapeMarkdown(message)}`,
  )
  return [`${nothing} ${escapeMarkdown(title)}`, ...(lines.length > 0 ? ['', ...lines] : [])].join('\n')
}

const recentRunText = (run: RunView): string =>
  [
    `- ${icons[run.status]} **${run.task}** ${escapeMarkdown(describeRun(run))}`,
    escapeMarkdown(describeParams(run)),
    `\`${run.run}\``,
    run.createdAt,
  ].join(' · ')

function helpText(command: string, { task, description = '', params }: TaskHelp): string {
  const lines = Object.entries(params).map(([name, param]) => {
    const about = param.description === undefined ? '' : `${param.description}: `
    const fallback = param.default === undefined ? (param.required ? ' (required)' : '') : ` (default ${param.default})`
    return `- **${name}** ${escapeMarkdown(`${about}${describeParam(param)}${fallback}`)}`
  })
  const rules = typingRules(params)
  const more = typedActionHelp.map((words) => `\`${command} ${words}\``).join(' · ')
  return [
    `**${task}** ${escapeMarkdown(description)}`,
    '',
    `\`${commandUsage(command, params)}\``,
    '',
    ...lines,
    '',
    ...(rules === undefined ? [] : [escapeMarkdown(rules), '']),
    `Also: ${more}`,
  ].join('\n')
}
