/** A container reports its progress. */
import type { NotifyServices } from '../lifecycle/notify.ts'
import { mergeReport, type Report } from '../model/progress.ts'
import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { conflict, updateOptimistically } from '../store/update-optimistically.ts'
import { notifyInTime } from './notify-newest.ts'

export type ProgressServices = NotifyServices & Pick<Services, 'queue'>

interface ProgressReport {
  readonly run: string
  readonly report: Report
  /** When the container made it, in milliseconds since the epoch. */
  readonly at: number
}

const maxRounds = 5

export async function recordProgress(services: ProgressServices, report: ProgressReport): Promise<void> {
  const row = await updateOptimistically({ what: `the progress of run ${report.run}`, rounds: maxRounds }, () =>
    mergeIntoLedger(services, report),
  )
  if (row !== undefined && services.sources.get(row.source)?.adapter.editsMessages === true)
    await notifyInTime(services, row)
}

/** @returns undefined: the run has ended or is unknown */
async function mergeIntoLedger(
  { ledger }: ProgressServices,
  { run, report, at }: ProgressReport,
): Promise<RunRecord | undefined | typeof conflict> {
  const row = await ledger.read(run)
  if (row === undefined || isTerminal(row.status)) return undefined
  const progress = mergeReport(row.progress, report, at, row.plan)
  return (await ledger.recordProgress({ run, progress, seen: row.progressRev ?? 0 })) ?? conflict
}
