/** A task as a local process, in a process group of its own so that it ends with all that it started. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { messageOf } from '../../core/errors.ts'
import { eachLine } from './each-line.ts'
import type { Ended, Launch, Launched, Program, ProgramSpec } from './program.ts'
import { withTimeout } from './with-timeout.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

/** How long output may still come after the end: somebody who left the group can hold the pipe open for ever. */
const drainMs = 500

/** @param base what it gets of our own environment */
export const processLauncher =
  (base: Readonly<Record<string, string>>): Launch =>
  async (spec) => {
    const [file = '', ...args] = spec.command
    const cwd = spec.cwd ?? process.cwd()
    try {
      const child = spawn(file, args, {
        cwd,
        env: { ...base, ...spec.env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      return await watch(child, spec)
    } catch (error) {
      return { kind: 'failed-to-start', reason: `CannotStartContainerError: ${explain(error, file, cwd)}` }
    }
  }

/** @throws the error of a program that could not be spawned */
async function watch(child: Child, { onLine }: ProgramSpec): Promise<Launched> {
  eachLine(child.stdout, (line) => onLine('stdout', line))
  eachLine(child.stderr, (line) => onLine('stderr', line))
  const closed = new Promise((resolve) => child.once('close', resolve))
  const exit = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', exitCode: exitCodeOf(code, signal) }))
  })
  await once(child, 'spawn')
  // An 'error' from now on is a signal that could not be sent: it must not bring us down.
  child.on('error', () => undefined)
  return { kind: 'running', program: programOf(child, exit, closed) }
}

function programOf(child: Child, exit: Promise<Ended>, closed: Promise<unknown>): Program {
  const timers = new Set<NodeJS.Timeout>()
  let over = false
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // ESRCH: the group is gone, which is what was wanted.
    }
  }
  const end = async (): Promise<Ended> => {
    const ended = await exit
    for (const timer of timers) clearTimeout(timer)
    // As in a container: when the first process ends, so does the rest.
    signalGroup('SIGKILL')
    // From here on the number can belong to somebody else's group.
    over = true
    await withTimeout(drainMs, closed)
    child.stdout.destroy()
    child.stderr.destroy()
    return ended
  }
  return {
    ended: end(),
    stop(graceMs) {
      if (over) return
      signalGroup('SIGTERM')
      timers.add(setTimeout(() => signalGroup('SIGKILL'), graceMs))
    },
    kill: () => {
      if (!over) signalGroup('SIGKILL')
    },
  }
}

/** As a shell and Docker count: 137 is SIGKILL, 143 is SIGTERM. */
const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal])

function explain(error: unknown, file: string, cwd: string): string {
  // Node blames the program when it is the directory that is missing.
  if (!existsSync(cwd)) return `the directory ${cwd} does not exist; set local.cwd of the task to one that does`
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return `"${file}" was not found; install it, or correct local.command of the task`
  if (code === 'EACCES')
    return `"${file}" may not be executed; give it the right to (chmod +x), or correct local.command`
  return messageOf(error)
}
