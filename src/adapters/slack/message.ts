/** What people read in Slack: Block Kit, and a plain text for notifications. Pure. */
import type { KnownBlock } from '@slack/types'
import type { Answer, Control, RunView, TaskHelp } from '../../core/adapter.ts'
import { describeParams, describeRun } from '../../core/describe.ts'
import { describeParam } from '../../core/params.ts'
import type { RunStatus } from '../../core/run.ts'

export interface Message {
  readonly text: string
  readonly blocks: KnownBlock[]
}

/** All that mrkdwn needs; what comes from outside could otherwise call `<!channel>`. https://docs.slack.dev/messaging/formatting-message-text */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** A section takes 3,000 characters. */
const maxSection = 3000
const cut = (text: string, max = maxSection): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text) } })
const context = (text: string): KnownBlock => ({ type: 'context', elements: [{ type: 'mrkdwn', text: cut(text) }] })
const message = (plain: string, ...blocks: KnownBlock[]): Message => ({ text: cut(escapeText(plain)), blocks })

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
  /** Who has it cancelled, which takes a moment. */
  readonly cancelledBy?: string
}

/** A run as it stands, with what can be done about it. */
export function runMessage(run: RunView, { askedBy, lastsWithoutToken, cancelledBy }: RunMessageOptions = {}): Message {
  const going = ['queued', 'starting', 'running'].includes(run.status)
  const said = cancelledBy === undefined ? describeRun(run) : `is being cancelled by ${cancelledBy}`
  const icon = cancelledBy === undefined ? icons[run.status] : icons.cancelled
  const details = [
    code(describeParams(run)),
    `run \`${run.run}\``,
    run.rerunOf === undefined ? '' : `again, after \`${run.rerunOf}\``,
    askedBy === undefined ? '' : `<@${askedBy}>`,
    `<${run.statusUrl}|status>`,
  ]
  const late = 'Slack takes no news after 30 minutes: if it takes longer, *status* has the end.'
  return message(
    `${run.task} ${said}`,
    section(`${icon} *${escapeText(run.task)}* ${escapeText(said)}`),
    context(details.filter(Boolean).join('  ·  ')),
    ...(lastsWithoutToken === true && run.status === 'running' ? [context(late)] : []),
    ...(cancelledBy === undefined ? [buttons(run.run, going ? ['cancel', 'show'] : ['rerun'])] : []),
  )
}

type Verb = Control['verb']

const labels: Readonly<Record<Verb, string>> = { cancel: 'Cancel', rerun: 'Run again', show: 'Refresh' }

function buttons(run: string, verbs: readonly Verb[]): KnownBlock {
  const plain = (text: string) => ({ type: 'plain_text' as const, text })
  return {
    type: 'actions',
    elements: verbs.map((verb) => ({
      type: 'button' as const,
      action_id: `taskhook:${verb}`,
      value: run,
      text: plain(labels[verb]),
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

const code = (text: string): string =>
  text === '' ? '' : `\`${escapeText(text.replace(/\s+/g, ' ')).replaceAll('`', "'")}\``

/** The first answer to a command. */
export function answerMessage(answer: Answer): Message {
  switch (answer.kind) {
    case 'accepted': {
      const messages = answer.runs.map((run) => runMessage(run))
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
    case 'controlled':
      return answer.verb === 'cancel' && ['queued', 'starting', 'running'].includes(answer.run.status)
        ? runMessage(answer.run, { cancelledBy: answer.by })
        : runMessage(answer.run)
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
    const what = `${icons[run.status]} *${escapeText(run.task)}* ${escapeText(describeRun(run))}`
    return [
      what,
      [when, code(describeParams(run)), `\`${run.run}\``, `<${run.statusUrl}|status>`].filter(Boolean).join('  ·  '),
    ].join('\n')
  })
  return message(`The last ${runs.length} runs`, ...lines.map(section))
}

function refusedMessage({ status, title, problems, ofControl }: Extract<Answer, { kind: 'refused' }>): Message {
  const nothing = ofControl === true ? 'Nothing was done.' : 'Nothing was started.'
  if (status >= 500) {
    const text =
      'Something went wrong on our side, and the log says what. Please look before you send it again: the run may still start.'
    return message(text, section(`:warning: ${text}`))
  }
  const lines = problems.map(
    ({ path, message }) => `•  ${path === '' ? '' : `*${escapeText(path)}* `}${escapeText(message)}`,
  )
  return message(
    `${nothing} ${title}`,
    section([`:no_entry_sign: ${nothing} ${escapeText(title)}`, ...lines].join('\n')),
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
      section(
        [
          `*${escapeText(task)}*${description === undefined ? '' : `  ${escapeText(description)}`}`,
          code(usage),
          ...lines,
        ].join('\n'),
      ),
    ]
  })
  const more = [`${command} status`, `${command} cancel <run>`].map((text) => code(text)).join('  ·  ')
  return message(`How to use ${command}`, ...blocks, context(`Also: ${more}`))
}
