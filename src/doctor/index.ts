/** `taskhook doctor`: what stands between a delivery and its answer, looked at piece by piece. It only reads. */

import { messageOf } from '../core/errors.ts'
import { type Finding, unknown } from '../core/model/checkup.ts'
import { withoutTokens } from '../core/telemetry/log.ts'
import { deliveries } from './checks/deliveries.ts'
import { events } from './checks/events.ts'
import { functions } from './checks/functions.ts'
import { ledger } from './checks/ledger.ts'
import { network } from './checks/network.ts'
import { pauses } from './checks/pauses.ts'
import { queue } from './checks/queue.ts'
import { roles } from './checks/roles.ts'
import { secrets } from './checks/secrets.ts'
import { senders } from './checks/senders.ts'
import { tasks } from './checks/tasks.ts'
import { functionUrl } from './checks/url.ts'
import { Unanswered } from './clients.ts'
import { type Check, type DoctorContext, type DoctorOptions, doctorContext } from './context.ts'

export interface Report {
  readonly account: string
  readonly region: string
  /** In the order in which a delivery passes through. */
  readonly checks: readonly { readonly about: string; readonly findings: readonly Finding[] }[]
}

const all: readonly Check[] = [
  functions,
  functionUrl,
  secrets,
  ledger,
  pauses,
  queue,
  roles,
  tasks,
  network,
  events,
  senders,
  deliveries,
]

/** @throws {Unanswered} where not even the account can be told */
export async function doctor(options: DoctorOptions): Promise<Report> {
  const examined = await doctorContext(options)
  const checks = await Promise.all(
    all.map(async (check) => ({ about: check.about, findings: await look(check, examined) })),
  )
  const { account, region } = examined
  return { account, region, checks: checks.filter(({ findings }) => findings.length > 0) }
}

/** One piece that cannot be looked at keeps nobody from the others. */
async function look(check: Check, examined: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await check.look(examined)
  } catch (error) {
    const mend =
      error instanceof Unanswered
        ? 'docs/doctor.md lists what whoever runs it must be allowed'
        : 'doctor does not know this case; look at it yourself, and please report it'
    return [unknown(`it could not be looked at: ${withoutTokens(messageOf(error))}`, mend)]
  }
}
