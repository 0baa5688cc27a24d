/** Keeps several instances running, as Lambda does. One that is killed is replaced at once. */
import { type ChildProcess, fork } from 'node:child_process'
import { countLogLines } from './log-counter.ts'
import { post } from './post.ts'

export interface Supervisor {
  /** The URLs of the instances, in turn. It waits for one that is starting. */
  urls(): Promise<InstanceUrls>
  /** SIGKILL for one of them: nothing in progress is finished. @param choice from 0 to 1: which one */
  kill(choice: number): void
  killAll(): void
  /** How many times one or all instances were killed. */
  killCount(): number
  /** Advances the clock of all current and future instances. @param ms milliseconds */
  advanceClock(ms: number): Promise<void>
  /** The warnings and errors that they logged, by text. */
  readonly logged: ReadonlyMap<string, number>
  close(): Promise<void>
}

interface InstanceUrls {
  readonly receive: string
  readonly settle: string
}

/** The process is replaced after a kill. */
interface Slot {
  child: ChildProcess
  urls: Promise<InstanceUrls>
}

/** @param file the bundle of instance.ts */
export function startSupervisor(file: string, env: Readonly<Record<string, string>>, instances: number): Supervisor {
  const logged = new Map<string, number>()
  let [clockOffset, kills, requests, closing] = [0, 0, 0, false]

  const start = (slot: Partial<Slot>): Slot => {
    const child = fork(file, [], {
      env: { ...env, PATH: process.env.PATH ?? '', SOAK_CLOCK_OFFSET: String(clockOffset) },
      execArgv: [],
      silent: true,
    })
    countLogLines(child, logged)
    const urls = new Promise<InstanceUrls>((resolve) => {
      child.once('message', (message) => resolve(message as InstanceUrls))
      child.once('exit', (code, signal) => {
        if (closing) return
        // If it was killed before it was ready, those who wait for it get its replacement.
        if (signal === 'SIGKILL') resolve(start(slot).urls)
        else resolve(Object.assign(slot, { urls: rejected(signal ?? code, logged) }).urls)
      })
    })
    return Object.assign(slot, { child, urls })
  }
  const slots = Array.from({ length: instances }, () => start({}))
  const slotAt = (index: number): Slot => slots[index % instances] as Slot

  return {
    logged,
    urls: () => slotAt(requests++).urls,
    killCount: () => kills,
    kill(choice) {
      kills++
      slotAt(Math.floor(choice * instances)).child.kill('SIGKILL')
    },
    killAll() {
      kills++
      for (const { child } of slots) child.kill('SIGKILL')
    },
    async advanceClock(ms) {
      clockOffset += ms
      const body = String(clockOffset)
      const setClock = async ({ urls }: Slot) => post(`${(await urls).settle}/clock`, { headers: {}, body })
      // One that is killed in the meantime starts with the new offset.
      await Promise.allSettled(slots.map(setClock))
    },
    async close() {
      closing = true
      const exits = slots.map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
      for (const { child } of slots) child.kill('SIGKILL')
      await Promise.all(exits)
    },
  }
}

/** An instance that exits by itself is not replaced, since the replacement would exit, too. */
function rejected(exit: unknown, logged: ReadonlyMap<string, number>): Promise<never> {
  const failure = Promise.reject(new Error(`an instance exited (${exit}): ${[...logged.keys()].join('\n')}`))
  failure.catch(() => undefined)
  return failure
}
