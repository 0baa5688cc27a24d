/** What people read in Slack: Block Kit, and a plain text for notifications. Pure. */
import type { KnownBlock } from '@slack/types'
import type { Answer, RunAction, RunView, TaskHelp } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { typedActionHelp } from '../../core/model/typed-actions.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import { describeParam } from '../../core/text/describe-param.ts'
import { describeParams, describeRun } from '../../core/text/run-summary.ts'
import { cut } from './modal.ts'

export interface Message {
  readonly text: string
  readonly blocks: KnownBlock[]
}

/** All that mrkdwn needs; what comes from outside could otherwise call `<!channel>`. https://docs.slack.dev/messaging/formatting-message-text */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** https://docs.slack.dev/reference/block-kit */
const maxSection = 3000
const maxBlocks = 50
/** Text that is escaped: never within an entity, a link of ours or a character, which would not be one any more. */
const cutMarked = (text: string, max = maxSection): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).replace(/(&[a-z]*|<[^>]*|[\uD800-\uDBFF])$/, '')}…`

/** `verbatim`: what was not marked as a link or a mention becomes none, whatever it looks like. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text: cutMarked(text), verbatim: true })
const section = (text: string): KnownBlock => ({ type: 'section', text: mrkdwn(text) })
const context = (text: string): KnownBlock => ({ type: 'context', elements: [mrkdwn(text)] })
const message = (plain: string, ...blocks: KnownBlock[]): Message => ({
  text: cutMarked(escapeText(plain)),
  blocks:
    blocks.length <= maxBlocks
      ? blocks
      : [...blocks.slice(0, maxBlocks - 1), context('… and more than a message has room for.')],
})

/** As many lines as a section takes, all of them whole. */
function sectionOf(lines: readonly string[]): KnownBlock {
  let length = 0
  const fits = lines.findIndex((line) => {
    length += line.length + 1
    return length > maxSection - 20
  })
  if (fits < 0) return section(lines.join('\n'))
  return section([...lines.slice(0, fits), `… and ${lines.length - fits} more`].join('\n'))
}

/** Slack ends a link at "|" and ">". */
const link = (url: string, label: string): string =>
  `<${escapeText(url).replaceAll('|', '%7C')}|${escapeText(label.replace(/\s+/g, ' ')).replaceAll('|', '/')}>`

/** What is given for parameters may be long. */
const maxCode = 300
const code = (text: string): string =>
  text === '' ? '' : `\`${escapeText(cut(text.replace(/\s+/g, ' '), maxCode)).replaceAll('`', "'")}\``

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

export interface RunMessageOptions {
  /** Slack's id of who asked, for a message that others see. */
  readonly askedBy?: string | undefined
  /** There is no bot token, so the news ends after thirty minutes. */
  readonly lastsWithoutToken?: boolean
  /** What somebody has just asked for, which takes a moment. */
  readonly asked?: { readonly verb: Verb; readonly by: string }
  /** Only whoever has asked for the run sees it, and he cannot approve it. */
  readonly alone?: boolean
}

const underWay: Readonly<Partial<Record<Verb, string>>> = {
  cancel: 'is being cancelled by',
  approve: 'approved by',
  reject: 'rejected by',
}

/** A run as it stands, with what can be done about it. */
export function runMessage(
  run: RunView,
  { askedBy, lastsWithoutToken, asked, alone }: RunMessageOptions = {},
): Message {
  const doing = asked === undefined || !isGoing(run) ? undefined : underWay[asked.verb]
  const said = doing === undefined ? oneLine(describeRun(run)) : `${doing} ${asked?.by}`
  const icon = doing === undefined ? iconOf(run) : asked?.verb === 'approve' ? ':thumbsup:' : icons.cancelled
  const late = 'Slack takes no news after 30 minutes: if it takes longer, *status* has the end.'
  return message(
    `${run.task} ${said}`,
    section(`${icon} *${escapeText(run.task)}* ${escapeText(said)}`),
    ...(doing === undefined && run.approval !== undefined ? [section(whoMayApprove(run.approval))] : []),
    ...progressBlocks(run),
    context(detailsOf(run, askedBy)),
    ...(lastsWithoutToken === true && (run.status === 'running' || run.approval !== undefined) ? [context(late)] : []),
    ...(doing === undefined ? [buttons(run.run, verbsOf(run, alone))] : []),
  )
}

const iconOf = ({ status, approval }: RunView): string => (approval === undefined ? icons[status] : ':raised_hand:')

/** A line of its own could pass for one of ours. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

const isGoing = ({ status }: RunView): boolean => ['queued', 'starting', 'running'].includes(status)

const verbsOf = (run: RunView, alone = false): readonly Verb[] =>
  run.approval !== undefined && !alone ? ['approve', 'reject'] : isGoing(run) ? ['cancel', 'show'] : ['rerun']

function detailsOf(run: RunView, askedBy: string | undefined): string {
  const details = [
    code(describeParams(run)),
    `run \`${run.run}\``,
    run.rerunOf === undefined ? '' : `again, after \`${run.rerunOf}\``,
    askedBy === undefined ? '' : `asked by <@${askedBy}>`,
    run.approvedBy === undefined ? '' : `approved by ${escapeText(run.approvedBy)}`,
    run.placed === undefined ? '' : escapeText(run.placed),
    run.logUrl === undefined ? '' : link(run.logUrl, 'log'),
    link(run.statusUrl, 'status'),
  ]
  return details.filter(Boolean).join('  ·  ')
}

/** User groups and people by their ids, so that Slack tells them. */
function whoMayApprove({ from, until }: NonNullable<RunView['approval']>): string {
  const names = from.map((id) => (isUserGroupId(id) ? `<!subteam^${id}>` : `<@${escapeText(id)}>`))
  const end = Math.floor(Date.parse(until) / 1000)
  return `${names.join(' or ')} may approve it, until <!date^${end}^{date_short_pretty} {time}|${until}>.`
}

/** What the container has said: a bar while it runs, and what came of it. */
function progressBlocks(run: RunView): KnownBlock[] {
  const { progress: { percent, message: last = '' } = {}, outputs = {}, links = [] } = run
  const full = Math.round((percent ?? 0) / 5)
  const lines = [
    ...(percent === undefined || !isGoing(run) ? [] : [`\`${'█'.repeat(full)}${'░'.repeat(20 - full)}\` ${percent} %`]),
    ...(last === '' || isGoing(run) || run.status === 'succeeded' ? [] : [`It said last: ${escapeText(last)}`]),
    ...Object.entries(outputs).map(([name, value]) => `*${escapeText(name)}*  ${escapeText(oneLine(value))}`),
  ]
  const sections = [lines, links.map(({ label, url }) => link(url, label))]
  return sections.filter(({ length }) => length > 0).map(sectionOf)
}

type Verb = RunAction['verb']

const labels: Readonly<Record<Verb, string>> = {
  cancel: 'Cancel',
  rerun: 'Run again',
  show: 'Refresh',
  approve: 'Approve',
  reject: 'Reject',
}

function buttons(run: string, verbs: readonly Verb[]): KnownBlock {
  const plain = (text: string) => ({ type: 'plain_text' as const, text })
  return {
    type: 'actions',
    elements: verbs.map((verb) => ({
      type: 'button' as const,
      action_id: `taskhook:${verb}`,
      value: run,
      text: plain(labels[verb]),
      ...(verb === 'approve' && { style: 'primary' as const }),
      ...(verb === 'reject' && { style: 'danger' as const }),
      ...(verb === 'cancel' && {
        style: 'danger' as const,
        confirm: {
          title: plain('Cancel this run?'),
          text: plain('The task is stopped. What it has done so far stays done.'),
          confirm: plain('Cancel it'),
          deny: plain('Let it run'),
        },
      }),
    })),
  }
}

/** The first answer to a command. */
export function answerMessage(answer: Answer): Message {
  switch (answer.kind) {
    case 'accepted': {
      const messages = answer.runs.map((run) => runMessage(run, { alone: true }))
      const again = answer.fresh ? [] : [context('This command was taken before; it runs once.')]
      return message(
        answer.runs.map((run) => `${run.task} ${describeRun(run)}`).join('; '),
        ...messages.flatMap(({ blocks }) => blocks),
        ...again,
      )
    }
    case 'help':
      return helpMessage(answer.command, answer.tasks)
    case 'recent':
      return recentMessage(answer.runs)
    case 'action':
      return runMessage(answer.run, { asked: answer, alone: true })
    case 'params-requested':
      return askedMessage(answer)
    case 'deferred':
      return message('It is on its way.', section(':hourglass_flowing_sand: It is on its way.'))
    case 'ignored':
      return message(
        `Nothing was started: ${answer.reason}`,
        section(`:grey_question: Nothing was started: ${escapeText(answer.reason)}.`),
      )
    case 'refused':
      return refusedMessage(answer)
  }
}

function recentMessage(runs: readonly RunView[]): Message {
  if (runs.length === 0) return message('Nothing has run yet.', section(':grey_question: Nothing has run yet.'))
  const lines = runs.map((run) => {
    const began = Math.floor(Date.parse(run.createdAt) / 1000)
    const when = `<!date^${began}^{date_short_pretty} {time}|${run.createdAt}>`
    const what = `${iconOf(run)} *${escapeText(run.task)}* ${escapeText(oneLine(describeRun(run)))}`
    return [
      what,
      [when, code(describeParams(run)), `\`${run.run}\``, link(run.statusUrl, 'status')].filter(Boolean).join('  ·  '),
    ].join('\n')
  })
  return message(runs.length === 1 ? 'The last run' : `The last ${runs.length} runs`, ...lines.map(section))
}

/** Beside the form, and in its place where it does not open. */
function askedMessage({ command, problems }: Extract<Answer, { kind: 'params-requested' }>): Message {
  const missing = problems.map(({ path, message }) => `•  *${escapeText(path)}* ${escapeText(message)}`)
  const usage = `${command} ${problems.map(({ path }) => `${path}=…`).join(' ')}`
  return message(
    'A form opens, and asks for what is missing.',
    sectionOf([':pencil: A form opens, and asks for what is missing:', ...missing]),
    context(`If it does not open: ${code(usage)}`),
  )
}

function refusedMessage({
  status,
  title,
  problems,
  onExistingRun,
  retryAfter,
}: Extract<Answer, { kind: 'refused' }>): Message {
  const nothing = onExistingRun === true ? 'Nothing was done.' : 'Nothing was started.'
  if (status >= 500 && retryAfter === undefined) {
    const text =
      'Something went wrong on our side, and the log says what. Please look before you send it again: the run may still start.'
    return message(text, section(`:warning: ${text}`))
  }
  const lines = problems.map(
    ({ path, message }) => `•  ${path === '' ? '' : `*${escapeText(path)}* `}${escapeText(message)}`,
  )
  return message(
    `${nothing} ${title}`,
    sectionOf([cutMarked(`:no_entry_sign: ${nothing} ${escapeText(title)}`, 1000), ...lines]),
  )
}

function helpMessage(command: string, tasks: readonly TaskHelp[]): Message {
  const blocks = tasks.flatMap(({ task, description, params }) => {
    const entries = Object.entries(params)
    const usage = [command, ...entries.map(([name, param]) => (param.required ? `${name}=…` : `[${name}=…]`))].join(' ')
    const lines = entries.map(([name, param]) => {
      const fallback =
        param.default === undefined
          ? param.required
            ? ' _(required)_'
            : ''
          : ` _(default ${escapeText(String(param.default))})_`
      const about = param.description === undefined ? '' : `${escapeText(param.description)}: `
      return `•  *${escapeText(name)}*  ${about}${escapeText(describeParam(param))}${fallback}`
    })
    return [
      sectionOf([
        cutMarked(`*${escapeText(task)}*${description === undefined ? '' : `  ${escapeText(description)}`}`, 1000),
        code(usage),
        ...lines,
      ]),
    ]
  })
  const more = typedActionHelp.map((words) => code(`${command} ${words}`)).join('  ·  ')
  return message(`How to use ${command}`, ...blocks, context(`Also: ${more}`))
}
