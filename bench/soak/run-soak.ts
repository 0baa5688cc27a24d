/** Sends deliveries while instances are killed, waits until all is quiet, and checks that everything happened exactly once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SoakAws, startAws } from './aws.ts'
import { bundleInstance } from './bundle-instance.ts'
import { type Check, checkSoak } from './checks.ts'
import { secrets, soakConfig } from './config.ts'
import { type PlannedDelivery, planDeliveries } from './deliveries.ts'
import { type EventBus, type EventBusOptions, startEventBus } from './event-bus.ts'
import { createKillSchedule } from './kill-schedule.ts'
import { type NotificationSink, startNotificationSink } from './notification-sink.ts'
import { emptySent, type SentDeliveries, sendUntilAccepted } from './senders.ts'
import { type Supervisor, startSupervisor } from './supervisor.ts'

export interface SoakOptions {
  readonly deliveries: number
  readonly kills: number
  /** Deliveries at the same time. */
  readonly concurrency: number
  readonly seed: number
  onProgress?(line: string): void
}

export interface SoakResult {
  readonly checks: readonly Check[]
  readonly sent: SentDeliveries
  readonly kills: number
  /** Seconds until all deliveries were accepted, and until all was quiet. */
  readonly seconds: { readonly sending: number; readonly all: number }
  /** Minutes by which the clock was advanced. */
  readonly minutesAdvanced: number
  /** Tasks whose events were delayed until leases had expired. */
  readonly delayedTasks: number
  readonly logged: ReadonlyMap<string, number>
}

export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { deliveries, kills, concurrency, seed } = options
  const order = planDeliveries(deliveries, seed)
  const sent = emptySent()
  const runs = new Set(order.flat().map(({ id }) => id)).size
  const schedule = createKillSchedule(() => supervisor, kills, deliveries + runs, seed + 1)
  const onProgress = () => schedule.update(sent.times.length + events.endedTasks())
  const deployment = await startDeployment(seed, { onEnd: onProgress, onStart: schedule.onTaskStart })
  const { supervisor, events } = deployment
  const progressTimer = setInterval(() => options.onProgress?.(progressLine(sent, deployment)), 10_000)
  try {
    const began = performance.now()
    const seconds = (): number => (performance.now() - began) / 1000
    await sendAll(order, concurrency, { supervisor, sent, onProgress })
    const sending = seconds()
    const minutesAdvanced = await waitUntilQuiet(deployment, () => events.endedTasks() >= runs)
    const all = seconds()
    return {
      checks: await observeAndCheck(order.flat(), sent, deployment),
      sent,
      kills: supervisor.killCount(),
      seconds: { sending, all },
      minutesAdvanced,
      delayedTasks: events.delayedTasks(),
      logged: supervisor.logged,
    }
  } finally {
    clearInterval(progressTimer)
    await deployment.close()
  }
}

const progressLine = ({ times }: SentDeliveries, { events, supervisor }: Deployment): string =>
  `${times.length} accepted, ${events.endedTasks()} tasks ended, ${supervisor.killCount()} kills`

async function observeAndCheck(
  planned: readonly PlannedDelivery[],
  sent: SentDeliveries,
  { aws, events: { tasksByRun }, sink: { notifications } }: Deployment,
): Promise<readonly Check[]> {
  const [items, tasks, deadLetters, queue] = await Promise.all([
    aws.items(),
    aws.tasks(),
    aws.deadLetters(),
    aws.queue(),
  ])
  const counts = { deadLetters: deadLetters.all, queued: queue.all }
  return checkSoak({ planned, sent, notifications, items, tasks, tasksByRun, ...counts })
}

/** Processes that run the handlers. */
const instances = 3

interface Deployment {
  readonly aws: SoakAws
  readonly events: EventBus
  readonly sink: NotificationSink
  readonly supervisor: Supervisor
  close(): Promise<void>
}

async function startDeployment(seed: number, on: Pick<EventBusOptions, 'onEnd' | 'onStart'>): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-soak-'))
  const configFile = join(folder, 'taskhook.json')
  const sink = await startNotificationSink(seed)
  writeFileSync(configFile, JSON.stringify(soakConfig(sink.url)))
  const events = await startEventBus({ target: async () => (await supervisor.urls()).settle, ...on })
  const aws = await startAws(configFile, events.url)
  const own = { TASKHOOK_CONFIG: configFile, TASKHOOK_KEY: 'env:STATUS_KEY', NODE_COMPILE_CACHE: join(folder, 'cache') }
  const bundle = await bundleInstance(folder)
  const supervisor = startSupervisor(bundle, { ...aws.env, ...secrets, ...own }, instances)
  await supervisor.urls()
  return {
    ...{ aws, events, sink, supervisor },
    async close() {
      await supervisor.close()
      await aws.close()
      await Promise.all([events.close(), sink.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Sending {
  readonly supervisor: Supervisor
  readonly sent: SentDeliveries
  onProgress(): void
}

/** Several senders take the groups of deliveries in order. */
async function sendAll(
  order: readonly (readonly PlannedDelivery[])[],
  concurrency: number,
  { supervisor, sent, onProgress }: Sending,
): Promise<void> {
  const groups = order.values()
  const url = async () => (await supervisor.urls()).receive
  const runSender = async (): Promise<void> => {
    for (const group of groups) {
      await Promise.all(group.map((delivery) => sendUntilAccepted(delivery, url, sent)))
      onProgress()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runSender))
}

/** If runs are still open after this, the sweep does not recover them. */
const maxMinutes = 50

/** Longer than a lease, and than the sweep leaves a queued run alone. */
const delayedEventsMinutes = 5

/**
 * Advances the clock whenever nothing happens, so that leases expire and failed notifications are retried.
 * @returns the minutes by which the clock was advanced
 */
async function waitUntilQuiet({ aws, supervisor, events, sink }: Deployment, allEnded: () => boolean): Promise<number> {
  let [minutes, before] = [0, '']
  for (;;) {
    await sleep(1000)
    const [openRuns, queue] = await Promise.all([aws.openRuns(), aws.queue()])
    if (openRuns === 0 && queue.all === 0 && allEnded()) return minutes
    const now = `${openRuns} ${queue.visible} ${events.endedTasks()} ${sink.notifications.size}`
    const hasChanged = now !== before
    before = now
    if (hasChanged || queue.visible > 0) continue
    if (minutes >= maxMinutes) return minutes
    minutes++
    await supervisor.advanceClock(60_000)
    // All leases of killed instances have expired, and the sweep has handled them without these events.
    if (minutes === delayedEventsMinutes) events.releaseDelayed()
  }
}
