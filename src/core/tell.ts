/** Telling the sender, and what a sender may see of a run. */
import type { Json, RunView, Tools } from './adapter.ts'
import type { PublicRow, RunRow } from './ledger.ts'
import type { Parts } from './parts.ts'
import { isTerminal, statusTokenOf, statusUrlOf } from './run.ts'
import { release } from './slots.ts'

/** @param token that its link carries; default: one that only shows the run */
export function viewOf(row: PublicRow, key: string, token = statusTokenOf(row.run, key)): RunView {
  const { run, plan, status, origin, createdAt, exitCode, reason, startedAt, stoppedAt, taskArn, rerunOf } = row
  return {
    run,
    task: plan.task,
    status,
    params: plan.params,
    statusUrl: statusUrlOf(origin, run, token),
    createdAt: new Date(createdAt).toISOString(),
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { startedAt }),
    ...(stoppedAt !== undefined && { stoppedAt }),
    ...(taskArn !== undefined && { taskArn }),
    ...(rerunOf !== undefined && { rerunOf }),
  }
}

const tellMs = 5_000

export const toolsFor = (parts: Parts, source: string): Tools => ({
  // A sender that never answers must not hold up the others: `settle` tells many, one after another.
  fetch: (input, init) => parts.fetch(input, { ...init, signal: AbortSignal.timeout(tellMs) }),
  now: parts.now,
  async token(name) {
    const references = parts.sources.get(source)?.config.tokens[name]
    return references === undefined ? undefined : parts.secrets.current(references)
  },
})

/** After so many failures the sender is given up: a response_url lives 30 minutes, a deleted repository for ever stays deleted. */
const maxTries = 10
export const backoffMs = (tries: number): number => Math.min(60_000 * 2 ** tries, 3_600_000)

/**
 * Tell the sender how its run stands. `start` and `settle` may do this at the same time; so whoever has told something older than what
 * is true by then tells again, and the last word is the true one.
 * Never throws: what cannot be told now is told by the sweep.
 */
export async function tell(parts: Parts, first: RunRow): Promise<void> {
  let row = await mine(parts, first)
  if (row !== undefined && row !== first && row.told === row.status)
    await parts.ledger.told(row.run, row.status, parts.now())
  for (let round = 0; row !== undefined && row.told !== row.status && round < 4; round++) {
    const told: RunRow = row
    try {
      // First: a run that has ended and been told is closed, and no sweep would find it.
      if (isTerminal(told.status)) await release(parts, told)
      const source = parts.sources.get(told.source)
      const view = viewOf(told, await parts.secrets.current([parts.key]))
      const answerTo = await answerToOf(parts, told)
      const memory = await source?.adapter.acknowledge(answerTo, view, toolsFor(parts, told.source), told.memory)
      row = await parts.ledger.told(told.run, told.status, parts.now() + backoffMs(0), memory)
    } catch (error) {
      await postponeTelling(parts, told, error)
      return
    }
  }
}

/** Longer than an adapter's calls may take. */
const tellingMs = 20_000

/**
 * `start` and `settle` may want to tell at the same time, and each would write a message of its own: who edits its messages tells alone.
 * Whoever comes meanwhile may go, since the other one tells what is newest by then.
 */
async function mine(parts: Parts, row: RunRow): Promise<RunRow | undefined> {
  if (row.told === row.status || parts.sources.get(row.source)?.adapter.remembers !== true) return row
  return parts.ledger.tell(row.run, parts.now(), parts.now() + tellingMs)
}

/** A run that was repeated over HTTP answers where the first one did. */
async function answerToOf({ ledger }: Parts, { answerTo, answerAs }: RunRow): Promise<Json> {
  return answerAs === undefined ? answerTo : ((await ledger.read(answerAs))?.answerTo ?? null)
}

async function postponeTelling(parts: Parts, row: RunRow, error: unknown): Promise<void> {
  const tries = (row.tellTries ?? 0) + 1
  parts.log.warn(`could not tell the sender that the run is ${row.status}`, { run: row.run, source: row.source, error })
  try {
    // What comes next is told in its place; if it was told already, this may have come after it, and the newest is told once more.
    if (!isTerminal(row.status)) await parts.ledger.told(row.run, row.status, parts.now() + backoffMs(0))
    else if (tries < maxTries) await parts.ledger.due(row.run, parts.now() + backoffMs(tries), tries)
    else {
      parts.log.error('the sender was never told; giving up', { run: row.run, source: row.source })
      await parts.ledger.close(row.run)
    }
  } catch (cause) {
    parts.log.error('could not note that the sender must still be told', { run: row.run, error: cause })
  }
}
