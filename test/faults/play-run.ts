/** Plays one run from its delivery to its end, as AWS would: messages after their delays, events as they arrive, and a sweep if nothing moves. */
import { isTerminal } from '../../src/core/model/run.ts'
import { bodyOf } from '../support/function-url.ts'
import type { Stage } from '../support/stage.ts'
import { pushTo } from '../support/stage-deliveries.ts'
import type { TaskName } from './config.ts'
import { type Seen, timeless } from './fault.ts'

export interface Script {
  readonly task?: TaskName
  /** Default: a push to the task's repository. */
  readonly pushed?: ReturnType<typeof pushTo>
  /** The HTTP answers that the row is about. */
  readonly said?: readonly string[]
  /** The first message is lost. */
  readonly losesFirst?: true
  /** Runs before the delivery. */
  readonly before?: (on: Stage) => unknown
  /** Runs after the delivery was answered. */
  readonly accepted?: (on: Stage, run: string) => unknown
  /** Runs once the task is running. */
  readonly running?: (on: Stage, run: string, taskArn: string) => unknown
  /** Runs once the run has ended. */
  readonly ended?: (on: Stage, run: string) => unknown
}

const mostRounds = 400

export async function playRun(on: Stage, course: Script = {}): Promise<Seen> {
  const { sha, delivery } = course.pushed ?? pushTo(course.task ?? 'plain')
  const [lines, sent] = [on.logs.length, on.sqs.callsOf('SendMessage').length]
  await course.before?.(on)
  const answer = await on.post('/github', delivery)
  const run = String(bodyOf(answer).run ?? '')
  await course.accepted?.(on, run)
  await moveOn(on, run, sent, course)
  await course.ended?.(on, run)
  return seen(on, run, lines, [...(course.said ?? []), ...notifiedAt(on, sha)])
}

/** Until the run has ended and its sender is notified. */
async function moveOn(on: Stage, run: string, sent: number, { running, losesFirst }: Script): Promise<void> {
  let [messages, events, idle, ran] = [sent, 0, 0, false]
  for (let round = 0; round < mostRounds; round++) {
    const next = on.sqs.callsOf('SendMessage').slice(messages)
    messages += next.length
    const row = await on.runRecord(run)
    const come = on.eventsOf(run).slice(events)
    events += come.length
    for (const event of come) {
      await on.bridge.settle(event).catch(() => on.bridge.settle(event))
      const { status, taskArn = '' } = await on.runRecord(run)
      if (status !== 'running' || ran) continue
      ran = true
      await running?.(on, run, taskArn)
    }
    for (const [at, { input }] of next.entries()) {
      if (!String(input.MessageBody).includes(run) || (losesFirst === true && round + at === 0)) continue
      on.advance(Number(input.DelaySeconds) * 1000)
      const records = [{ messageId: 'm', body: String(input.MessageBody) }]
      const { batchItemFailures } = await on.bridge.start({ Records: records })
      // The lease of a function that died expires.
      if (batchItemFailures.length > 0) on.advance(91_000)
      if (batchItemFailures.length > 0) await on.bridge.start({ Records: records })
    }
    if (next.length + come.length > 0) idle = 0
    else if (isTerminal(row.status) && row.notified === row.status) return
    // Events come from real processes; only if none comes for a while does the sweep have to.
    else if (idle++ < 8) await new Promise((resolve) => setTimeout(resolve, 20))
    else {
      idle = 0
      on.advance(11 * 60_000)
      await on.sweep()
    }
  }
}

/** The texts of the commit's statuses. */
export const notifiedAt = (on: Stage, sha: string): readonly string[] =>
  on.notifications
    .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
    .map(({ body }) => timeless((body as { readonly description: string }).description))

export async function seen(on: Stage, run: string, lines: number, sender: readonly string[]): Promise<Seen> {
  const calls = on.ecs
    .callsOf('RunTask')
    .filter(({ input }) => input.startedBy === `taskhook/${run}`)
    .map(({ input }) => input.clientToken)
  const row = await on.runRecord(run)
  return {
    sender,
    operator: on.logs.slice(lines).join('\n'),
    starts: calls.length,
    tokens: new Set(calls).size,
    tasks: (await on.tasks(run)).length,
    end: row.status,
  }
}
