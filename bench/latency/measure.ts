/** Measures the cold start and the warm responses of a handler in a new process. */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { deliveries } from './configs.ts'

export interface Measurement {
  /** Milliseconds from the start of the process until the handler is loaded. */
  readonly ready: number
  /** Milliseconds from the start of the process until its first response. */
  readonly first: number
  /** Median of the warm responses, in milliseconds. */
  readonly warm: number
  /** Milliseconds of CPU time until the handler is loaded, and until its first response. */
  readonly readyCpu: number
  readonly firstCpu: number
  /** Peak resident memory in MB. */
  readonly rss: number
}

export interface Subject {
  /** The file of the handler. */
  readonly entry: string
  readonly env: Readonly<Record<string, string>>
  readonly event?: keyof typeof deliveries
}

/** Runs in the measured process, and prints a Measurement. */
const probe = `
const handlers = await import(process.env.ENTRY)
const ready = performance.now()
const cpuTime = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000 }
const readyCpu = cpuTime()
let first = 0, warm = 0, firstCpu = readyCpu
if (handlers.receive) {
  const event = JSON.parse(process.env.EVENT)
  const response = await handlers.receive(event)
  if (!response.body.includes('queued')) throw new Error(JSON.stringify(response))
  first = performance.now()
  firstCpu = cpuTime()
  const times = []
  for (let at = 0; at < 200; at++) { const began = performance.now(); await handlers.receive(event); times.push(performance.now() - began) }
  warm = times.sort((a, b) => a - b)[100]
}
console.log(JSON.stringify({ ready, first, warm, readyCpu, firstCpu, rss: process.resourceUsage().maxRSS / 1024 }))
process.exit(0)`

export async function measure({ entry, env, event }: Subject): Promise<Measurement> {
  const eventEnv = event === undefined ? {} : { EVENT: JSON.stringify(deliveries[event]()) }
  const child = spawn(process.execPath, ['--input-type=module', '-e', probe], {
    env: { PATH: process.env.PATH ?? '', ...env, ...eventEnv, ENTRY: entry },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const [output, code] = await Promise.all([text(child.stdout), exited])
  const line = output.split('\n').find((part) => part.startsWith('{"ready"'))
  if (line === undefined) throw new Error(`the process of ${entry} exited with ${code}: ${output}`)
  return JSON.parse(line) as Measurement
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
