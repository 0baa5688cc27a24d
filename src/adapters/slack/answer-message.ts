/** The immediate answer to a command or a button. Pure. */
import type { Answer, RefusedAnswer, RunView } from '../../core/adapter.ts'
import { describeParams, describeRun } from '../../core/text/run-summary.ts'
import { context, headLine, linesSection, type Message, message, section } from './block-kit.ts'
import { helpMessage } from './help-message.ts'
import { code, escapeText, joinDetails, link, localTime, oneLine } from './mrkdwn.ts'
import { iconOf, runMessage } from './run-message.ts'

export function answerMessage(answer: Answer): Message {
  switch (answer.kind) {
    case 'accepted':
      return acceptedMessage(answer)
    case 'help':
      return helpMessage(answer.command, answer.tasks)
    case 'recent':
      return recentMessage(answer.runs)
    case 'action':
      return runMessage(answer.run, { pending: answer, private: true })
    case 'params-requested':
      return paramsRequestedMessage(answer)
    case 'deferred':
      return message('In progress.', section(':hourglass_flowing_sand: In progress.'))
    case 'ignored':
      return message(
        `Nothing was started: ${answer.reason}`,
        section(`:grey_question: Nothing was started: ${escapeText(answer.reason)}.`),
      )
    case 'batch':
      return message(
        `${answer.answers.length} deliveries`,
        ...answer.answers.flatMap((each) => answerMessage(each).blocks),
      )
    case 'refused':
      return refusedMessage(answer)
  }
}

function acceptedMessage({ runs, fresh }: Extract<Answer, { kind: 'accepted' }>): Message {
  return message(
    runs.map((run) => `${run.task} ${describeRun(run)}`).join('; '),
    ...runs.flatMap((run) => runMessage(run, { private: true }).blocks),
    ...(fresh ? [] : [context('This command was already accepted. It runs only once.')]),
  )
}

function recentMessage(runs: readonly RunView[]): Message {
  if (runs.length === 0) return message('Nothing has run yet.', section(':grey_question: Nothing has run yet.'))
  return message(runs.length === 1 ? 'The last run' : `The last ${runs.length} runs`, ...runs.map(recentRun))
}

const recentRun = (run: RunView) =>
  section(
    [
      `${iconOf(run)} *${escapeText(run.task)}* ${escapeText(oneLine(describeRun(run)))}`,
      joinDetails([
        localTime(run.createdAt),
        code(describeParams(run)),
        `\`${run.run}\``,
        link(run.statusUrl, 'status'),
      ]),
    ].join('\n'),
  )

/** Shown behind the modal, and instead of it if it does not open. */
function paramsRequestedMessage({ command, problems }: Extract<Answer, { kind: 'params-requested' }>): Message {
  const missing = problems.map(({ path, message }) => `•  *${escapeText(path)}* ${escapeText(message)}`)
  const usage = `${command} ${problems.map(({ path }) => `${path}=…`).join(' ')}`
  return message(
    'A form opens and asks for what is missing.',
    linesSection([':pencil: A form opens and asks for what is missing:', ...missing]),
    context(`If it does not open, type ${code(usage)}`),
  )
}

const ourFault =
  'Something went wrong on our side, and the log has the details. Check before you send it again: the run may still start.'

function refusedMessage(answer: RefusedAnswer): Message {
  const { status, title, problems, onExistingRun, retryAfter } = answer
  if (status >= 500 && retryAfter === undefined) return message(ourFault, section(`:warning: ${ourFault}`))
  const nothing = onExistingRun === true ? 'Nothing was done.' : 'Nothing was started.'
  const lines = problems.map(
    ({ path, message }) => `•  ${path === '' ? '' : `*${escapeText(path)}* `}${escapeText(message)}`,
  )
  return message(
    `${nothing} ${title}`,
    linesSection([headLine(`:no_entry_sign: ${nothing} ${escapeText(title)}`), ...lines]),
  )
}
