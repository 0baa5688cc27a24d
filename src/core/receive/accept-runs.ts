/** A delivery that may start runs: enrich, match routes and plan, then open the runs or answer why not. */
import { controlTokenOf } from '../http/run-tokens.ts'
import { type AdmissionServices, checkAdmission } from '../lifecycle/check-admission.ts'
import { type OpenServices, openRun } from '../lifecycle/open.ts'
import { runView } from '../lifecycle/run-view.ts'
import type { Answer } from '../model/answer.ts'
import type { NewRun } from '../model/run-record.ts'
import { traceIdOf } from '../model/trace.ts'
import type { Translation } from '../model/translation.ts'
import type { Trigger } from '../model/trigger.ts'
import { planRunsInTime } from '../routing/plan-in-time.ts'
import type { PlannedRuns } from '../routing/plan-runs.ts'
import type { Services, Source } from '../services.ts'
import { type Enriched, enrich } from './enrich.ts'
import { recentRuns } from './recent-runs.ts'
import { requestParams } from './request-params.ts'
import { resolveCommandAccess } from './resolve-command-access.ts'
import { refuseReusedKey } from './reused-key.ts'
import { type StepResult, withLog } from './step-result.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

export type AcceptServices = AdmissionServices &
  OpenServices &
  Pick<Services, 'routes' | 'tasks' | 'log' | 'secrets' | 'tokenKeyReference'>
type RunTranslation = Extract<Translation, { kind: 'run' | 'help' | 'recent' }>

export function acceptRuns(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  { kind, trigger }: RunTranslation,
): Promise<StepResult> {
  const { event, deliveryId, actor } = trigger
  return withLog({ event, delivery: deliveryId, actor }, async () => {
    const enriched = await enrich(services, delivery.source, trigger, delivery.tools)
    const { verdicts, result } = plan(services, delivery, enriched, kind !== 'run')
    return withLog({ routes: verdicts }, () => answerPlan(services, delivery, enriched, kind, result))
  })
}

function plan(
  services: Pick<Services, 'routes' | 'tasks' | 'now'>,
  delivery: VerifiedDelivery,
  { trigger, isLookedUp }: Enriched,
  help: boolean,
): PlannedRuns {
  const { source, request, trace } = delivery
  const { origin, body } = request
  const about = {
    source: source.config.name,
    trigger,
    deliveryKey: deliveryKeyOf(delivery, trigger),
    origin,
    trace,
    now: services.now(),
    help,
  }
  // What the sender answered to a lookup may be of any length.
  const characters = isLookedUp ? Number.POSITIVE_INFINITY : body.length
  return planRunsInTime(services.routes, services.tasks, about, characters)
}

async function answerPlan(
  services: AcceptServices,
  delivery: VerifiedDelivery,
  enriched: Enriched,
  kind: RunTranslation['kind'],
  result: PlannedRuns['result'],
): Promise<StepResult> {
  const { source } = delivery
  const { trigger } = enriched
  switch (result.kind) {
    case 'runs':
      await refuseReusedKey(services, source.config.name, deliveryKeyOf(delivery, trigger), result.runs)
      return openRuns(services, source, result.runs)
    case 'help':
      return answered(kind === 'recent' ? await recentRuns(services, source, trigger, result.tasks) : result)
    case 'ignored':
      return answered(await withCommandAccess(services, delivery, enriched, result))
    case 'refused':
      return answered(await requestParams(services, delivery, trigger, result))
  }
}

/** The answer is given only after the ledger and the queue have the runs. */
async function openRuns(
  services: AcceptServices,
  { config, adapter }: Source,
  runs: readonly NewRun[],
): Promise<StepResult> {
  await checkAdmission(services, config.name, runs)
  // The ids are logged even if only some of the runs are opened.
  return withLog({ runs: runs.map(({ run }) => run) }, async () => {
    // Every write has an end before there is an answer: after it, Lambda freezes what still runs.
    const settled = await Promise.allSettled(runs.map((run) => openRun(services, run)))
    const opened = settled.map(resultOf)
    const tokenKey = await services.secrets.current([services.tokenKeyReference])
    // A link that can also cancel goes to the sender alone, never to a place where others read it.
    const token = (run: string) => (adapter.repliesPrivately === true ? controlTokenOf(run, tokenKey) : undefined)
    const views = opened.map(({ row }) => runView(row, tokenKey, token(row.run)))
    return { answer: { kind: 'accepted', runs: views, fresh: opened.some(({ fresh }) => fresh) }, log: {} }
  })
}

function resultOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

/** What the sender chose, or what was signed. */
const deliveryKeyOf = ({ deliveryKey }: VerifiedDelivery, trigger: Trigger): string =>
  trigger.deliveryKey ?? deliveryKey

const answered = (answer: Answer): StepResult => ({ answer, log: {} })

/** Only a person who may use a command should learn why it started nothing, because anybody can write a comment. */
async function withCommandAccess(
  services: Pick<Services, 'routes' | 'log'>,
  delivery: VerifiedDelivery,
  { trigger, resolvedGroups }: Enriched,
  ignored: Extract<Answer, { kind: 'ignored' }>,
): Promise<Answer> {
  if (trigger.facts.command === undefined) return ignored
  try {
    const { access } = await resolveCommandAccess(services, delivery, trigger, resolvedGroups)
    return access === 'allowed' ? { ...ignored, mayUseCommand: true } : ignored
  } catch (error) {
    services.log.warn('the sender could not be asked who may use a command', {
      source: delivery.source.config.name,
      ...(delivery.trace !== undefined && { trace: traceIdOf(delivery.trace) }),
      error,
    })
    return ignored
  }
}
