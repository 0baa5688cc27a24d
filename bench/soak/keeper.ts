/** Keeps so many processes with the handlers alive, as Lambda has several instances: whenever one is killed, the next is started at once. */
import { type ChildProcess, fork } from 'node:child_process'
import { post } from './post.ts'

export interface Keeper {
  /** Where the next in turn listens; waits for one that is being started. */
  urls(): Promise<Urls>
  /** SIGKILL for one of them: nothing that it does is finished. @param luck from 0 to 1: which one */
  kill(luck: number): void
  killAll(): void
  /** How often there was a kill, of one or of all. */
  kills(): number
  /** Turns the clock on, for all that live and all that will. @param ms milliseconds */
  turnClock(ms: number): Promise<void>
  /** What they have written: warnings and errors, by their words. */
  readonly logged: ReadonlyMap<string, number>
  close(): Promise<void>
}

interface Urls {
  readonly front: string
  readonly back: string
}

interface Life {
  child: ChildProcess
  urls: Promise<Urls>
}

/** @param file the program, made from life.ts */
export function keepAlive(file: string, env: Readonly<Record<string, string>>, instances: number): Keeper {
  const logged = new Map<string, number>()
  let [turned, kills, asked, closing] = [0, 0, 0, false]

  const live = (life: Partial<Life>): Life => {
    const child = fork(file, [], {
      env: { ...env, PATH: process.env.PATH ?? '', SOAK_TURNED: String(turned) },
      execArgv: [],
      silent: true,
    })
    note(child, logged)
    const urls = new Promise<Urls>((resolve) => {
      child.once('message', (said) => resolve(said as Urls))
      child.once('exit', (code, signal) => {
        if (closing) return
        // Whoever waits for one that was killed before it listened waits for the next.
        if (signal === 'SIGKILL') resolve(live(life).urls)
        else resolve(Object.assign(life, { urls: failed(signal ?? code, logged) }).urls)
      })
    })
    return Object.assign(life, { child, urls })
  }
  const lives = Array.from({ length: instances }, () => live({}))
  const one = (at: number): Life => lives[at % instances] as Life

  return {
    logged,
    urls: () => one(asked++).urls,
    kills: () => kills,
    kill(luck) {
      kills++
      one(Math.floor(luck * instances)).child.kill('SIGKILL')
    },
    killAll() {
      kills++
      for (const { child } of lives) child.kill('SIGKILL')
    },
    async turnClock(ms) {
      turned += ms
      const set = async ({ urls }: Life) => post(`${(await urls).back}/clock`, { headers: {}, body: String(turned) })
      // One that is killed meanwhile has it from its birth.
      await Promise.allSettled(lives.map(set))
    },
    async close() {
      closing = true
      const ends = lives.map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
      for (const { child } of lives) child.kill('SIGKILL')
      await Promise.all(ends)
    },
  }
}

/** Nobody starts one again that ends by itself: the next would, too. */
function failed(how: unknown, logged: ReadonlyMap<string, number>): Promise<never> {
  const failure = Promise.reject(
    new Error(`the process with the handlers ended (${how}): ${[...logged.keys()].join('\n')}`),
  )
  failure.catch(() => undefined)
  return failure
}

const count = (counts: Map<string, number>, what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1)

function note({ stdout, stderr }: ChildProcess, logged: Map<string, number>): void {
  for (const stream of [stdout, stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) count(logged, wordsOf(line))
    })
  }
}

/** Without what is different in each line. */
function wordsOf(line: string): string {
  try {
    const { msg, error = '' } = JSON.parse(line) as { msg: string; error?: string }
    return `${msg} ${error}`.trim().replace(/[0-9a-f]{20}/g, '…')
  } catch {
    return line
  }
}
