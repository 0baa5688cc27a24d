/** ECS on this machine, for `taskhook dev` and the tests: the real protocol, the API's rules, and tasks that are programs here. */
import type { TaskConfig } from '../../core/model/config.ts'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import { createFaults, type Faults, type Strikes } from '../faults/fault-injector.ts'
import type { OutputLine } from './action.ts'
import { createNames } from './arns.ts'
import { createCatalog } from './catalog.ts'
import { createTokens } from './client-tokens.ts'
import { dockerAnswers, dockerLauncher } from './docker-program.ts'
import { parentEnv } from './parent-env.ts'
import { processLauncher } from './process-program.ts'
import type { Launch } from './program.ts'
import { listen } from './server.ts'
import { createStore } from './task-store.ts'

export type { Faults } from '../faults/fault-injector.ts'
export type { Fault, When } from '../faults/fault-kinds.ts'
export type { OutputLine } from './action.ts'

export interface LocalEcsOptions {
  /** From the compiled config: clusters, task definitions, containers and what to run come from here. */
  readonly tasks: readonly TaskConfig[]
  readonly region?: string
  /** An "ECS Task State Change" as EventBridge sends it; those of one task come one after another, each awaited. */
  onEvent(event: EcsEvent): void | Promise<void>
  onOutput?(line: OutputLine): void
  /** 'auto': a task with `local.image` runs in Docker where Docker answers, and as a local process where it does not. */
  readonly docker?: 'auto' | 'never'
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Milliseconds that StopTask leaves a program to end by itself; 30,000, as Fargate's `stopTimeout`. */
  readonly stopGraceMs?: number
  /** What goes wrong here. Default: nothing but what `LocalEcs.faults` is told. */
  readonly faults?: Faults & Strikes
}

export interface LocalEcs {
  readonly url: string
  readonly faults: Faults
  /** Ends the tasks and all that they started, without an event; takes 2 seconds at most for those that ignore SIGTERM. */
  close(): Promise<void>
}

const closeGraceMs = 2000

export async function startLocalEcs(options: LocalEcsOptions): Promise<LocalEcs> {
  const {
    tasks,
    onEvent,
    onOutput,
    region = 'us-east-1',
    now = Date.now,
    stopGraceMs = 30_000,
    faults = createFaults(),
  } = options
  const closing = new AbortController()
  const launch = await launcherFor(options)
  const store = createStore(now)
  const server = await listen({
    names: createNames(region),
    catalog: createCatalog(tasks),
    store,
    tokens: createTokens(now, store.visible),
    faults,
    world: { region, stopGraceMs, closing: closing.signal, launch, now, onEvent, faults },
    onOutput,
  })
  // Whoever leaves without close() (an exception, process.exit) must not leave programs behind either.
  const killAll = () => {
    for (const life of store.all()) life.kill()
  }
  process.once('exit', killAll)
  const end = async () => {
    closing.abort()
    await Promise.all([server.close(), ...store.all().map((life) => life.close(closeGraceMs))])
    process.off('exit', killAll)
  }
  let ended: Promise<void> | undefined
  return {
    url: server.url,
    faults,
    close() {
      ended ??= end()
      return ended
    },
  }
}

async function launcherFor({ tasks, docker = 'auto' }: LocalEcsOptions): Promise<Launch> {
  const env = parentEnv(process.env)
  const asProcess = processLauncher(env.program)
  const wanted = docker === 'auto' && tasks.some(({ local }) => local?.image !== undefined)
  if (!wanted || !(await dockerAnswers(env.docker))) return asProcess
  const inDocker = dockerLauncher(env.docker)
  return (spec, signal) => (spec.image === undefined ? asProcess(spec, signal) : inDocker(spec, signal))
}
