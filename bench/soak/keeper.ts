/** Keeps one process with the handlers alive: whenever it is killed, the next one is started at once. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { post } from './post.ts'

export interface Keeper {
  /** Where the life that is there now listens; waits for one that is being started. */
  urls(): Promise<Urls>
  /** SIGKILL: nothing of it is finished. */
  kill(): void
  kills(): number
  /** Milliseconds that the clock of this life, and of all after it, is turned on. */
  turnClock(ms: number): Promise<void>
  /** What lives have written: warnings and errors, by their words. */
  readonly logged: ReadonlyMap<string, number>
  close(): Promise<void>
}

interface Urls {
  readonly front: string
  readonly back: string
}

const life = fileURLToPath(new URL('life.ts', import.meta.url))

export function keepAlive(env: Readonly<Record<string, string>>): Keeper {
  const logged = new Map<string, number>()
  let [turned, kills, closing] = [0, 0, false]
  let child: ChildProcess
  let urls: Promise<Urls>

  const start = (): void => {
    child = fork(life, [], {
      env: { ...env, PATH: process.env.PATH ?? '', SOAK_TURNED: String(turned) },
      execArgv: [],
      silent: true,
    })
    note(child, logged)
    const started = child
    urls = new Promise((resolve) => started.once('message', (said) => resolve(said as Urls)))
    started.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && !closing) count(logged, `a life ended by itself: ${signal ?? code}`)
      if (!closing) start()
    })
  }
  start()

  return {
    logged,
    urls: () => urls,
    kills: () => kills,
    kill() {
      kills++
      child.kill('SIGKILL')
    },
    async turnClock(ms) {
      turned += ms
      await post(`${(await urls).back}/clock`, { headers: {}, body: String(turned) })
    },
    async close() {
      closing = true
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
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
