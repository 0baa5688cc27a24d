/** What a delivery starts: the runs of all routes that match, or every problem at once. Pure. */
import { httpStatusOf } from '../errors.ts'
import type { Answer, RefusedAnswer } from '../model/answer.ts'
import type { TaskConfig } from '../model/config.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Trigger } from '../model/trigger.ts'
import type { Verdict, VerdictLine } from '../model/verdict.ts'
import { unseenText } from '../text/unseen-text.ts'
import { ignoredText, verdictLine } from '../text/verdict-text.ts'
import { matchRoute } from './match-route.ts'
import { type Delivery, planRun } from './plan-run.ts'
import type { Route } from './prepare-route.ts'
import { whyNotAllowed } from './route-access.ts'
import { taskHelp } from './task-help.ts'

export type Tasks = ReadonlyMap<string, TaskConfig>

type Result =
  | { readonly kind: 'runs'; readonly runs: readonly NewRun[] }
  | Extract<Answer, { kind: 'ignored' | 'help' | 'refused' }>

export interface PlannedRuns {
  /** One for each route of the source, for the log and `taskhook explain`. */
  readonly verdicts: readonly VerdictLine[]
  readonly result: Result
}

export function planRuns(routes: readonly Route[], tasks: Tasks, delivery: Delivery): PlannedRuns {
  const { source, trigger } = delivery
  const judged = routes
    .filter(({ config }) => config.on === source)
    .map((route) => ({ route, verdict: matchRoute(route, source, trigger) }))
  const verdicts = judged.map(({ verdict }) => verdict)
  const matched = judged.flatMap(({ route, verdict }) => (verdict.mismatch === undefined ? [route] : []))
  const [first] = matched
  const result = first === undefined ? ignored(trigger, verdicts) : resultOf(first, matched, tasks, delivery)
  return { verdicts: verdicts.map(verdictLine), result }
}

const ignored = ({ event, facts }: Trigger, verdicts: readonly Verdict[]): Result => ({
  kind: 'ignored',
  reason: ignoredText(event, facts.command, verdicts),
})

/** Every route that matches gets a run. If one of them has a problem, none starts, so that nothing is half done. */
function resultOf(firstMatched: Route, matched: readonly Route[], tasks: Tasks, delivery: Delivery): Result {
  const { trigger, help } = delivery
  const allowed = matched.filter((route) => whyNotAllowed(route, trigger) === undefined)
  if (allowed.length === 0) return forbidden(firstMatched, trigger)
  const withTasks = allowed.map((route) => ({ route, task: taskOf(route, tasks) }))
  if (help) {
    const command = trigger.facts.command ?? trigger.event
    return { kind: 'help', command, tasks: withTasks.map(({ route, task }) => taskHelp(route, task)) }
  }
  const { seen = 'yes' } = trigger.facts
  if (seen !== 'yes') return unseen(firstMatched, seen)
  const planned = withTasks.map(({ route, task }) => planRun(route, task, delivery))
  const [first, ...others] = planned.filter((each) => each.kind === 'refused')
  if (first !== undefined) return mergeRefusals(first, others, allowed.length)
  return { kind: 'runs', runs: planned.flatMap((each) => (each.kind === 'run' ? each.run : [])) }
}

function taskOf({ id, config: { run } }: Route, tasks: Tasks): TaskConfig {
  const task = tasks.get(run)
  if (task === undefined) throw new Error(`route ${id} runs ${run}, which is not in the config`)
  return task
}

/** A form asks for the parameters of one task, and its values would go to every route that matches: with several routes there is none. */
function mergeRefusals(
  { missing, ...first }: RefusedAnswer,
  others: readonly RefusedAnswer[],
  routes: number,
): RefusedAnswer {
  const problems = [first, ...others].flatMap((each) => each.problems)
  return { ...first, problems, ...(routes === 1 && missing !== undefined && { missing }) }
}

/** A person who types a command vouches for the code that they saw, and not for what somebody pushed in the meantime. */
const unseen = ({ config }: Route, seen: keyof typeof unseenText): Result => ({
  kind: 'refused',
  status: httpStatusOf.unprocessable,
  title: `${config.run}: ${unseenText[seen]}`,
  problems: [],
  task: config.run,
})

const forbidden = (route: Route, trigger: Trigger): Result => ({
  kind: 'refused',
  status: 403,
  title: `${route.config.run}: ${whyNotAllowed(route, trigger)}`,
  problems: [],
  task: route.config.run,
})
