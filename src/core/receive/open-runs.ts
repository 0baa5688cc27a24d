/** Opens the planned runs. The answer is given only after the ledger and the queue have them. */
import { controlTokenOf } from '../http/run-tokens.ts'
import { type AdmissionServices, checkAdmission } from '../lifecycle/check-admission.ts'
import { type OpenServices, openRun } from '../lifecycle/open.ts'
import { runView } from '../lifecycle/run-view.ts'
import type { NewRun } from '../model/run-record.ts'
import type { Services, Source } from '../services.ts'
import { type StepResult, withLog } from './step-result.ts'

export type OpenRunsServices = AdmissionServices & OpenServices & Pick<Services, 'secrets' | 'key'>

export async function openRuns(
  services: OpenRunsServices,
  { config, adapter }: Source,
  runs: readonly NewRun[],
): Promise<StepResult> {
  await checkAdmission(services, config.name, runs)
  // The ids are logged even if only some of the runs are opened.
  return withLog({ runs: runs.map(({ run }) => run) }, async () => {
    const opened = await Promise.all(runs.map((run) => openRun(services, run)))
    const key = await services.secrets.current([services.key])
    // A link that can also cancel goes to the sender alone, never to a place where others read it.
    const token = (run: string) => (adapter.repliesPrivately === true ? controlTokenOf(run, key) : undefined)
    const views = opened.map(({ row }) => runView(row, key, token(row.run)))
    return { answer: { kind: 'accepted', runs: views, fresh: opened.some(({ fresh }) => fresh) }, log: {} }
  })
}
