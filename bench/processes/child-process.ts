/** Starts a server in a child process, which reports where it listens. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ChildServer<T> {
  /** What the child reported: its URL, or environment variables. */
  readonly ready: T
  close(): Promise<void>
}

/** @param file beside this one @throws {Error} if it exits before it is ready */
export async function startChild<T>(file: string, env: Readonly<Record<string, string>> = {}): Promise<ChildServer<T>> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, [], { env: { ...env, PATH: process.env.PATH ?? '' }, execArgv: [] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = await new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    child.once('exit', (code) => reject(new Error(`${file} exited with ${code}`)))
  })
  return {
    ready,
    close() {
      child.disconnect()
      return exited
    },
  }
}

/** Called in the child. It exits with the process that started it. */
export function reportReady(message: unknown, close: () => Promise<void>): void {
  process.once('disconnect', () => close().finally(() => process.exit()))
  process.send?.(message)
}
