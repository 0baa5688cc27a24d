/** Claims a queued run and launches it. */
import { type LaunchServices, launch } from '../launch/launch.ts'
import { leaseMs } from '../launch/lease.ts'
import { releaseSlot } from '../lifecycle/concurrency-release.ts'
import { hasEnded } from '../model/run-record.ts'

export type StartServices = LaunchServices

export async function startRun(services: StartServices, run: string): Promise<'done' | 'busy'> {
  const now = services.now()
  const claim = await services.ledger.claim({ run, now, leaseUntil: now + leaseMs })
  switch (claim.kind) {
    case 'claimed':
      await launch(services, claim.row)
      return 'done'
    case 'busy':
      return 'busy'
    case 'done':
      // A late write may have given it a slot after its end.
      if (claim.row !== undefined && hasEnded(claim.row)) await releaseSlot(services, claim.row, { resend: false })
      return 'done'
  }
}
