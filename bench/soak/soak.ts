/** Deliveries in, kills meanwhile, and then everything must have happened exactly once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Aws, startAws } from './aws.ts'
import { secrets, soakConfig } from './config.ts'
import { type Planned, planDeliveries } from './deliveries.ts'
import { type Events, type EventsOptions, startEvents } from './events.ts'
import { type Keeper, keepAlive } from './keeper.ts'
import { createKiller } from './killer.ts'
import { buildLife } from './program.ts'
import { nothingSent, type Sent, send, startTold, type Told } from './senders.ts'
import { type Check, verdict } from './verdict.ts'

export interface SoakOptions {
  readonly deliveries: number
  readonly kills: number
  /** Deliveries at the same time. */
  readonly concurrency: number
  readonly seed: number
  onProgress?(line: string): void
}

export interface Soaked {
  readonly checks: readonly Check[]
  readonly sent: Sent
  readonly kills: number
  /** Seconds until all deliveries were taken, and until all was quiet. */
  readonly seconds: { readonly sending: number; readonly all: number }
  /** Minutes that the clock was turned on to see what only comes after a while. */
  readonly minutesTurned: number
  /** Tasks of which no event came until leases had ended. */
  readonly late: number
  readonly logged: ReadonlyMap<string, number>
}

export async function soak(options: SoakOptions): Promise<Soaked> {
  const { deliveries, kills, concurrency, seed } = options
  const order = planDeliveries(deliveries, seed)
  const sent = nothingSent()
  const runs = new Set(order.flat().map(({ id }) => id)).size
  const killer = createKiller(() => keeper, kills, deliveries + runs, seed + 1)
  const tick = () => killer.tick(sent.times.length + events.ended())
  const world = await startWorld(seed, { onEnd: tick, onStart: killer.taskBegan })
  const { keeper, events, aws, told } = world
  const line = () => `${sent.times.length} taken, ${events.ended()} tasks ended, ${keeper.kills()} kills`
  const shown = setInterval(() => options.onProgress?.(line()), 10_000)
  try {
    const began = performance.now()
    const seconds = (): number => (performance.now() - began) / 1000
    await sendAll(order, concurrency, keeper, sent, tick)
    const sending = seconds()
    const minutesTurned = await untilQuiet(world, () => events.ended() >= runs)
    const all = seconds()
    const [items, tasks, dead, queued] = await Promise.all([aws.items(), aws.tasks(), aws.deadLetters(), aws.queue()])
    const seen = { items, tasks, started: events.started, dead: dead.all, queued: queued.all }
    const checks = verdict({ planned: order.flat(), sent, told: told.words, ...seen })
    return {
      checks,
      sent,
      kills: keeper.kills(),
      seconds: { sending, all },
      minutesTurned,
      late: events.late(),
      logged: keeper.logged,
    }
  } finally {
    clearInterval(shown)
    await world.close()
  }
}

/** Of the process with the handlers. */
const instances = 3

interface World {
  readonly aws: Aws
  readonly events: Events
  readonly told: Told
  readonly keeper: Keeper
  close(): Promise<void>
}

async function startWorld(seed: number, on: Pick<EventsOptions, 'onEnd' | 'onStart'>): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-soak-'))
  const configFile = join(folder, 'taskhook.json')
  const told = await startTold(seed)
  writeFileSync(configFile, JSON.stringify(soakConfig(told.url)))
  const events = await startEvents({ target: async () => (await keeper.urls()).back, ...on })
  const aws = await startAws(configFile, events.url)
  const own = { TASKHOOK_CONFIG: configFile, TASKHOOK_KEY: 'env:STATUS_KEY', NODE_COMPILE_CACHE: join(folder, 'cache') }
  const program = await buildLife(folder)
  const keeper = keepAlive(program, { ...aws.env, ...secrets, ...own }, instances)
  await keeper.urls()
  return {
    ...{ aws, events, told, keeper },
    async close() {
      await keeper.close()
      await aws.close()
      await Promise.all([events.close(), told.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Each of the senders takes the next that nobody has taken; what stands together goes out at the same moment. */
async function sendAll(
  order: readonly (readonly Planned[])[],
  concurrency: number,
  keeper: Keeper,
  sent: Sent,
  tick: () => void,
): Promise<void> {
  const waiting = order.values()
  const url = async () => (await keeper.urls()).front
  const sender = async (): Promise<void> => {
    for (const together of waiting) {
      await Promise.all(together.map((one) => send(one, url, sent)))
      tick()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, sender))
}

/** The sweep waits at least so long before it looks at a run again: more than 50 times would be no sweep that puts things right. */
const mostMinutes = 50

/** Longer than a lease, and than a sweep leaves a run alone that waits to be started. */
const lateMinutes = 5

/** @returns minutes that the clock was turned on: leases of a minute and a half end, and what could not be told is told again */
async function untilQuiet({ aws, keeper, events, told }: World, allEnded: () => boolean): Promise<number> {
  let [minutes, before] = [0, '']
  for (;;) {
    await sleep(1000)
    const [open, queue] = await Promise.all([aws.open(), aws.queue()])
    if (open === 0 && queue.all === 0 && allEnded()) return minutes
    const now = `${open} ${queue.visible} ${events.ended()} ${told.words.size}`
    const moved = now !== before
    before = now
    if (moved || queue.visible > 0) continue
    if (minutes >= mostMinutes) return minutes
    minutes++
    await keeper.turnClock(60_000)
    // By then every lease of a killed process has ended, and the sweep has seen to it without those events.
    if (minutes === lateMinutes) events.release()
  }
}
