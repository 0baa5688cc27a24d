/** A process beside this one, which says where it listens once it does. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Started<T> {
  /** What it has sent first. */
  readonly said: T
  readonly closed: () => Promise<void>
}

/** @param file beside this one @throws {Error} where it ends before it has said anything */
export async function start<T>(file: string, env: Readonly<Record<string, string>> = {}): Promise<Started<T>> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = fork(path, [], { env: { ...env, PATH: process.env.PATH ?? '' }, execArgv: [] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const said = await new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return {
    said,
    closed() {
      child.disconnect()
      return ended
    },
  }
}

/** For the other side: ends with whoever started it. */
export function ready(said: unknown, close: () => Promise<void>): void {
  process.once('disconnect', () => close().finally(() => process.exit()))
  process.send?.(said)
}
