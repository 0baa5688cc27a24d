/** A task as a local process, in its own process group so that its children end with it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { messageOf } from '../../core/errors.ts'
import { eachLine } from './each-line.ts'
import type { LaunchProgram, LaunchResult, Program, ProgramExit, ProgramSpec } from './program.ts'
import { withTimeout } from './with-timeout.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

/** How long to wait for output after the exit. A child that left the process group can keep the pipe open for ever. */
const drainMs = 500

/** @param base variables of taskhook's own environment that every program gets */
export const processLauncher =
  (base: Readonly<Record<string, string>>): LaunchProgram =>
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
      return await waitForSpawn(child, spec)
    } catch (error) {
      return { kind: 'failed-to-start', reason: `CannotStartContainerError: ${startProblem(error, file, cwd)}` }
    }
  }

/** @throws {Error} if the program cannot be spawned */
async function waitForSpawn(child: Child, { onLine }: ProgramSpec): Promise<LaunchResult> {
  eachLine(child.stdout, (line) => onLine('stdout', line))
  eachLine(child.stderr, (line) => onLine('stderr', line))
  const closed = new Promise((resolve) => child.once('close', resolve))
  const exit = new Promise<ProgramExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', exitCode: exitCodeOf(code, signal) }))
  })
  await once(child, 'spawn')
  // A later 'error' is a signal that could not be sent. Without a listener it would end taskhook.
  child.on('error', () => undefined)
  return { kind: 'running', program: programOf(child, exit, closed) }
}

function programOf(child: Child, exit: Promise<ProgramExit>, closed: Promise<unknown>): Program {
  const timers = new Set<NodeJS.Timeout>()
  let hasEnded = false
  const signalGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal)
    } catch {
      // ESRCH: the process group has ended already.
    }
  }
  const waitForEnd = async (): Promise<ProgramExit> => {
    const ended = await exit
    for (const timer of timers) clearTimeout(timer)
    // As in a container, the other processes end with the first one.
    signalGroup('SIGKILL')
    // The operating system can reuse the number of the process group.
    hasEnded = true
    await withTimeout(drainMs, closed)
    child.stdout.destroy()
    child.stderr.destroy()
    return ended
  }
  return {
    ended: waitForEnd(),
    stop(graceMs) {
      if (hasEnded) return
      signalGroup('SIGTERM')
      timers.add(setTimeout(() => signalGroup('SIGKILL'), graceMs))
    },
    kill: () => {
      if (!hasEnded) signalGroup('SIGKILL')
    },
  }
}

/** As in a shell and in Docker: 137 is SIGKILL, 143 is SIGTERM. */
const exitCodeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal])

/** What prevented the start, and how to fix it. */
function startProblem(error: unknown, file: string, cwd: string): string {
  // Node reports ENOENT for the program if the directory is missing.
  if (!existsSync(cwd)) return `the directory ${cwd} does not exist; correct local.cwd of the task`
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return `"${file}" was not found; install it, or correct local.command of the task`
  if (code === 'EACCES') return `"${file}" is not executable; run chmod +x, or correct local.command of the task`
  return messageOf(error)
}
