import type { EcsEvent, EcsTask } from '../../src/core/model/ecs-task.ts'
import { createClientTokens, type RunTaskResult } from '../../src/local/ecs/client-tokens.ts'
import type { Pace } from './faults.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'

type Input = Readonly<Record<string, unknown>>
export interface Task extends EcsTask {
  readonly taskArn: string
  readonly startedBy: string
  readonly lastStatus: string
  readonly version: number
  readonly createdAt: number
  readonly container: string
}

export interface Ecs {
  /** @throws {Error} by the name that ECS gives it */
  send(command: { readonly constructor: { readonly name: string }; readonly input: Input }): unknown
  tasks(): readonly Task[]
}

export interface EcsOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly pace: Pace
  readonly changed: (task: Task) => void
  readonly emit: (event: EcsEvent) => void
}

const hour = 3_600_000
const cluster = 'arn:aws:ecs:eu-west-1:111122223333:cluster/c'
const failed = (name: string, message: string) => Object.assign(new Error(message), { name })

export function createEcsModel({ scheduler, random, pace, changed, emit }: EcsOptions): Ecs {
  const { now, faults, count } = scheduler
  const tasks = new Map<string, Task>()
  const stoppedAt = (task: Task): number =>
    task.stoppedAt === undefined ? Infinity : new Date(task.stoppedAt).getTime()
  const visible = (arn: string): boolean => now() < stoppedAt(tasks.get(arn) as Task) + hour
  const tokens = createClientTokens(now, visible)

  const change = (arn: string, next: Partial<Task>): void => {
    const before = tasks.get(arn)
    if (before === undefined || before.lastStatus === 'STOPPED') return
    const task: Task = { ...before, ...next, version: before.version + 1 }
    tasks.set(arn, task)
    scheduler.note(
      `ECS: ${shortOf(task)} is ${task.lastStatus}${task.stopCode === undefined ? '' : ` (${task.stopCode})`}`,
    )
    changed(task)
    emit({ source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail: task })
  }
  const stop = (arn: string, stopCode: string, stoppedReason: string, exitCode?: number): void => {
    const name = tasks.get(arn)?.container ?? ''
    const containers = [{ name, ...(exitCode !== undefined && { exitCode }) }]
    change(arn, { lastStatus: 'STOPPED', stopCode, stoppedReason, stoppedAt: new Date(now()), containers })
  }
  const later = (least: number, most: number, action: () => void) =>
    scheduler.at(now() + random.between(least, most), action)

  const [step, work] = pace.task
  const live = (arn: string): void => {
    later(1, step, () => change(arn, { lastStatus: 'PENDING' }))
    if (random.chance(faults().failsToStart)) {
      count('tasks that failed to start')
      later(step, 2 * step, () => stop(arn, 'TaskFailedToStart', 'CannotPullContainerError: no such image'))
    } else later(step, 2 * step, () => run(arn))
  }
  const run = (arn: string): void => {
    change(arn, { lastStatus: 'RUNNING', startedAt: new Date(now()) })
    const exitCode = random.pick([0, 0, 0, 1, 137])
    const takes = random.chance(0.2) ? hour / 2 : work
    later(1, takes, () => stop(arn, 'EssentialContainerExited', 'Essential container in task exited', exitCode))
  }

  const minutes = new Map<number, boolean>()
  const mayNot = (): boolean => {
    const minute = Math.floor(now() / 60_000)
    const denied = minutes.get(minute) ?? random.chance(faults().denied)
    minutes.set(minute, denied)
    // Drawn for each call, too: the second try of the SDK may be denied after its first was accepted.
    return faults().denied > 0 && (denied || random.chance(0.05))
  }

  const runTask = (input: Input): unknown => {
    const { clientToken, startedBy, overrides, ...rest } = input as {
      clientToken: string
      startedBy: string
      overrides: { containerOverrides: { name: string }[] }
    }
    if (random.chance(faults().throttled)) throw refused('throttled', 'ThrottlingException', 'Rate exceeded')
    if (mayNot()) throw refused('denied', 'AccessDeniedException', 'not authorized')
    const parameters = { ...rest, startedBy, overrides }
    const before = tokens.find(cluster, clientToken, parameters)
    if (before !== undefined) {
      count('starts that were found by their token')
      return before
    }
    if (random.chance(faults().quota))
      throw refused('over a quota', 'ClientException', 'You’ve reached the limit on the number of vCPUs')
    const answer = random.chance(faults().noRoom)
      ? noRoom()
      : started(startedBy, overrides.containerOverrides[0]?.name ?? '')
    tokens.save(cluster, clientToken, parameters, answer)
    if (random.chance(faults().startLost)) throw refused('of which the answer got lost', 'TimeoutError', 'no answer')
    return answer
  }
  const refused = (why: string, name: string, message: string): Error => {
    count(`starts ${why}`)
    return failed(name, message)
  }
  const noRoom = (): RunTaskResult => {
    count('starts without room')
    return { taskArns: [], tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] }
  }
  const started = (startedBy: string, container: string): RunTaskResult => {
    const taskArn = `arn:aws:ecs:eu-west-1:111122223333:task/c/${tasks.size + 1}`
    const task: Task = {
      ...{ taskArn, startedBy, container, clusterArn: cluster },
      lastStatus: 'PROVISIONING',
      version: 1,
      createdAt: now(),
    }
    tasks.set(taskArn, task)
    count('tasks')
    changed(task)
    live(taskArn)
    return { taskArns: [taskArn], tasks: [task], failures: [] }
  }

  const describe = ([arn = '']: readonly string[]): unknown => {
    const task = tasks.get(arn)
    const young = task !== undefined && now() - task.createdAt < 5_000 && random.chance(faults().notSeenYet)
    return { tasks: task === undefined || young || !visible(arn) ? [] : [task] }
  }
  const stopTask = ({ task: arn, reason }: { task: string; reason: string }): unknown => {
    count('StopTask')
    later(1, step, () => stop(arn, 'UserInitiated', reason, tasks.get(arn)?.startedAt === undefined ? undefined : 143))
    return {}
  }

  return {
    send({ constructor: { name }, input }) {
      if (name === 'RunTaskCommand') return runTask(input)
      if (name === 'DescribeTasksCommand') return describe(input.tasks as string[])
      if (name === 'StopTaskCommand') return stopTask(input as { task: string; reason: string })
      if (name === 'DescribeTaskDefinitionCommand')
        return { taskDefinition: { containerDefinitions: [{ name: 'app' }] } }
      throw new Error(`ECS does not know ${name}`)
    },
    tasks: () => [...tasks.values()],
  }
}

export const shortOf = ({ taskArn, startedBy }: Pick<Task, 'taskArn' | 'startedBy'>): string =>
  `task ${taskArn.split('/').at(-1)} of ${startedBy.slice(-20, -16)}`
