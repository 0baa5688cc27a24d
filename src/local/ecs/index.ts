/** Local ECS, for `taskhook dev` and tests: the real protocol and the API's rules, with tasks that are programs on this machine. */
import type { TaskConfig } from '../../core/model/config.ts'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import { createFaultInjector, type FaultInjector, type FaultSource } from '../faults/fault-injector.ts'
import type { OutputLine } from './action.ts'
import { createArns } from './arns.ts'
import { createCatalog } from './catalog.ts'
import { createClientTokens } from './client-tokens.ts'
import { dockerLauncher, isDockerRunning } from './docker-program.ts'
import { parentEnv } from './parent-env.ts'
import { processLauncher } from './process-program.ts'
import type { LaunchProgram } from './program.ts'
import { startServer } from './server.ts'
import { createTaskStore } from './task-store.ts'

export type { FaultInjector } from '../faults/fault-injector.ts'
export type { Fault, FaultFilter } from '../faults/fault-kinds.ts'
export type { OutputLine } from './action.ts'

export interface LocalEcsOptions {
  /** From the compiled config. They define the clusters, task definitions, containers and commands. */
  readonly tasks: readonly TaskConfig[]
  readonly region?: string
  /** Gets each "ECS Task State Change" as EventBridge sends it. Events of one task come in order; each is awaited. */
  onEvent(event: EcsEvent): void | Promise<void>
  onOutput?(line: OutputLine): void
  /** 'auto': a task with `local.image` runs in Docker if Docker is running, otherwise as a local process. */
  readonly docker?: 'auto' | 'never'
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Milliseconds between SIGTERM and SIGKILL. Default: 30,000, as Fargate's `stopTimeout`. */
  readonly stopGraceMs?: number
  /** Default: no faults, until some are added through `LocalEcs.faults`. */
  readonly faults?: FaultInjector & FaultSource
}

export interface LocalEcs {
  readonly url: string
  readonly faults: FaultInjector
  /** Ends the tasks and their child processes, without an event. Takes at most 2 seconds for programs that ignore SIGTERM. */
  close(): Promise<void>
}

const closeGraceMs = 2000

export async function startLocalEcs(options: LocalEcsOptions): Promise<LocalEcs> {
  const { tasks, onEvent, onOutput, region = 'us-east-1', now = Date.now } = options
  const { stopGraceMs = 30_000, faults = createFaultInjector() } = options
  const closing = new AbortController()
  const launch = await launcherFor(options)
  const store = createTaskStore(now)
  const server = await startServer({
    arns: createArns(region),
    catalog: createCatalog(tasks),
    store,
    clientTokens: createClientTokens(now, store.isVisible),
    faults,
    environment: { region, stopGraceMs, closing: closing.signal, launch, now, onEvent, faults },
    onOutput,
  })
  // An exit without close(), after an exception or process.exit, must not leave programs behind either.
  const killAll = () => {
    for (const task of store.all()) task.kill()
  }
  process.once('exit', killAll)
  const closeAll = async () => {
    closing.abort()
    await Promise.all([server.close(), ...store.all().map((task) => task.close(closeGraceMs))])
    process.off('exit', killAll)
  }
  let closed: Promise<void> | undefined
  return {
    url: server.url,
    faults,
    close() {
      closed ??= closeAll()
      return closed
    },
  }
}

async function launcherFor({ tasks, docker = 'auto' }: LocalEcsOptions): Promise<LaunchProgram> {
  const env = parentEnv(process.env)
  const asProcess = processLauncher(env.program)
  const needsDocker = docker === 'auto' && tasks.some(({ local }) => local?.image !== undefined)
  if (!needsDocker || !(await isDockerRunning(env.docker))) return asProcess
  const inDocker = dockerLauncher(env.docker)
  return (spec, signal) => (spec.image === undefined ? asProcess(spec, signal) : inDocker(spec, signal))
}
