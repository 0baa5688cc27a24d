/** `taskhook doctor`: runs every check between a delivery and its answer. It only reads. */
import { messageOf } from '../core/errors.ts'
import { type Finding, unknown } from '../core/model/checkup.ts'
import { withoutTokens } from '../core/telemetry/log.ts'
import { type DoctorContext, type DoctorOptions, loadContext } from './account/context.ts'
import { AwsRequestFailed } from './account/get-if-exists.ts'
import type { Check } from './checks/check.ts'
import { deliveries } from './checks/deliveries.ts'
import { events } from './checks/events.ts'
import { functionUrl } from './checks/function-url.ts'
import { functions } from './checks/functions.ts'
import { handshakes } from './checks/handshakes.ts'
import { ledger } from './checks/ledger.ts'
import { network } from './checks/network.ts'
import { pauses } from './checks/pauses.ts'
import { queue } from './checks/queue.ts'
import { roles } from './checks/roles.ts'
import { secrets } from './checks/secrets.ts'
import { senders } from './checks/senders.ts'
import { tasks } from './checks/tasks.ts'
import type { Report } from './report.ts'

const allChecks: readonly Check[] = [
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
  handshakes,
  deliveries,
]

/** @throws {AwsRequestFailed} if not even the account is known */
export async function runChecks(options: DoctorOptions): Promise<Report> {
  const context = await loadContext(options)
  const checks = await Promise.all(
    allChecks.map(async (check) => ({ about: check.about, findings: await findingsOf(check, context) })),
  )
  const { account, region } = context
  return { account, region, checks: checks.filter(({ findings }) => findings.length > 0) }
}

/** A check that fails does not stop the others. */
async function findingsOf(check: Check, context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await check.run(context)
  } catch (error) {
    const fix =
      error instanceof AwsRequestFailed
        ? 'docs/doctor.md lists the permissions that doctor needs'
        : 'check it by hand, and please report this as a bug of doctor'
    return [unknown(`could not be checked: ${withoutTokens(messageOf(error))}`, fix)]
  }
}
