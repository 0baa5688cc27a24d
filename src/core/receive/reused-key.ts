/** An Idempotency-Key that the sender used for another body is refused before any run of the delivery is opened. */
import { refuseOtherBody } from '../lifecycle/open.ts'
import { runIdOf } from '../model/run.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Services } from '../services.ts'

/** Reads at most this many rows. A source with more routes is checked for those that match. */
const maxRoutes = 25

/**
 * With one route, the write that opens the run finds it. With several, the other body may match other routes than the first one did.
 * @throws {Unprocessable} if the key belongs to another body
 */
export async function refuseReusedKey(
  { ledger, routes }: Pick<Services, 'ledger' | 'routes'>,
  source: string,
  deliveryKey: string,
  runs: readonly NewRun[],
): Promise<void> {
  const [first] = runs
  if (first?.bodyHash === undefined) return
  const others = routes
    .filter(({ config }) => config.on === source)
    .slice(0, maxRoutes)
    .map(({ id }) => runIdOf(source, deliveryKey, id))
  const ids = new Set([...runs.map(({ run }) => run), ...others])
  if (ids.size < 2) return
  const rows = await Promise.all([...ids].map((id) => ledger.readPublic(id)))
  for (const row of rows) if (row !== undefined) refuseOtherBody(row, first)
}
