/** A run as a message: its state, what the container reported, and buttons. Pure. */

import type { KnownBlock } from '@slack/types'
import type { RunView } from '../../core/adapter.ts'
import { isTerminal, type RunStatus } from '../../core/model/run.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import { describeParams, describeRun } from '../../core/text/run-summary.ts'
import type { ButtonVerb } from './block-action.ts'
import { context, linesSection, type Message, message, section } from './block-kit.ts'
import { code, escapeText, joinDetails, link, localTime, oneLine } from './mrkdwn.ts'
import { runButtons } from './run-buttons.ts'

export interface RunMessageOptions {
  /** Slack's id of the requester, for a message that others see. */
  readonly requester?: string | undefined
  /** There is no bot token, so the updates end after thirty minutes. */
  readonly withoutBotToken?: boolean
  /** An action that was just accepted and takes a moment. */
  readonly pending?: { readonly verb: ButtonVerb; readonly by: string }
  /** Only the requester sees it, and the requester cannot approve the run. */
  readonly private?: boolean
}

/** The run's current state, and what can be done about it. */
export function runMessage(run: RunView, options: RunMessageOptions = {}): Message {
  const action = isTerminal(run.status) ? undefined : pendingAction(options.pending)
  const state = action?.text ?? oneLine(describeRun(run))
  return message(
    `${run.task} ${state}`,
    section(`${action?.icon ?? iconOf(run)} *${escapeText(run.task)}* ${escapeText(state)}`),
    ...(action === undefined && run.approval !== undefined ? [section(approvalLine(run.approval))] : []),
    ...reportBlocks(run),
    context(detailsOf(run, options.requester)),
    ...(options.withoutBotToken === true && hasLaterUpdates(run) ? [context(updatesEnd)] : []),
    ...(action === undefined ? [runButtons(run, options.private)] : []),
  )
}

const updatesEnd = 'Slack accepts updates for 30 minutes only. If the run takes longer, *status* has the result.'

/** An update may come after the thirty minutes. */
const hasLaterUpdates = ({ status, approval }: RunView): boolean => status === 'running' || approval !== undefined

const icons: Readonly<Record<RunStatus, string>> = {
  queued: ':hourglass_flowing_sand:',
  starting: ':hourglass_flowing_sand:',
  running: ':arrow_forward:',
  succeeded: ':white_check_mark:',
  failed: ':x:',
  cancelled: ':octagonal_sign:',
  'timed-out': ':alarm_clock:',
  'failed-to-start': ':warning:',
}

export const iconOf = ({ status, approval }: RunView): string =>
  approval === undefined ? icons[status] : ':raised_hand:'

/** Undefined: the run's own state says it already. */
function pendingAction(pending: RunMessageOptions['pending']) {
  switch (pending?.verb) {
    case 'cancel':
      return { icon: icons.cancelled, text: `is being cancelled by ${pending.by}` }
    case 'approve':
      return { icon: ':thumbsup:', text: `approved by ${pending.by}` }
    case 'reject':
      return { icon: icons.cancelled, text: `rejected by ${pending.by}` }
    default:
      return undefined
  }
}

const detailsOf = (run: RunView, requester: string | undefined): string =>
  joinDetails([
    code(describeParams(run)),
    `run \`${run.run}\``,
    run.rerunOf === undefined ? '' : `rerun of \`${run.rerunOf}\``,
    requester === undefined ? '' : `requested by <@${requester}>`,
    run.approvedBy === undefined ? '' : `approved by ${escapeText(run.approvedBy)}`,
    run.placed === undefined ? '' : escapeText(run.placed),
    run.logUrl === undefined ? '' : link(run.logUrl, 'log'),
    link(run.statusUrl, 'status'),
  ])

/** Mentions notify the people and user groups that can approve. */
function approvalLine({ from, until }: NonNullable<RunView['approval']>): string {
  const names = from.map((id) => (isUserGroupId(id) ? `<!subteam^${id}>` : `<@${escapeText(id)}>`))
  return `${names.join(' or ')} can approve it until ${localTime(until)}.`
}

/** What the container reported: a progress bar while it runs, then its outputs, and its last message if it did not succeed. */
function reportBlocks(run: RunView): KnownBlock[] {
  const { progress: { percent, message: last = '' } = {}, outputs = {}, links = [] } = run
  const ended = isTerminal(run.status)
  const lines = [
    ...(percent === undefined || ended ? [] : [progressBar(percent)]),
    ...(last === '' || !ended || run.status === 'succeeded' ? [] : [`Last message: ${escapeText(last)}`]),
    ...Object.entries(outputs).map(([name, value]) => `*${escapeText(name)}*  ${escapeText(oneLine(value))}`),
  ]
  return [lines, links.map(({ label, url }) => link(url, label))].filter(({ length }) => length > 0).map(linesSection)
}

function progressBar(percent: number): string {
  const full = Math.round(percent / 5)
  return `\`${'█'.repeat(full)}${'░'.repeat(20 - full)}\` ${percent} %`
}
