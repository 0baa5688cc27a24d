/** Local ECS with the AWS SDK as its client. */
import { spawnSync } from 'node:child_process'
import { ECSClient, RunTaskCommand, type RunTaskCommandInput, type Task } from '@aws-sdk/client-ecs'
import { onTestFinished } from 'vitest'
import type { TaskConfig } from '../../../src/core/model/config.ts'
import { type LocalEcsOptions, type OutputLine, startLocalEcs } from '../../../src/local/ecs/index.ts'
import { eventually } from '../../support/eventually.ts'

/** An event as EventBridge sends it, with the fields that tests check. */
export interface TaskEvent {
  readonly id: string
  readonly version: string
  readonly source: string
  readonly 'detail-type': string
  readonly account: string
  readonly region: string
  readonly time: string
  readonly resources: string[]
  readonly detail: Omit<Task, 'createdAt' | 'startedAt' | 'stoppedAt'> & {
    readonly createdAt: string
    readonly startedAt?: string
    readonly stoppedAt?: string
    readonly version: number
  }
}

export const task = (local?: TaskConfig['local'], over: Partial<TaskConfig> = {}): TaskConfig => ({
  name: 'analyze',
  cluster: 'analytics',
  taskDefinition: 'analyze',
  container: 'worker',
  subnets: ['subnet-a'],
  assignPublicIp: 'DISABLED',
  capacity: ['FARGATE'],
  params: {},
  ...(local !== undefined && { local }),
  ...over,
})

export const node = (program: string): TaskConfig['local'] => ({ command: [process.execPath, '-e', program] })
export const sh = (script: string): TaskConfig['local'] => ({ command: ['sh', '-c', script] })

export const request: RunTaskCommandInput = {
  cluster: 'analytics',
  taskDefinition: 'analyze',
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], assignPublicIp: 'DISABLED' } },
}

/** Overrides of the container `worker`. */
export const withEnv = (env: Record<string, string>): RunTaskCommandInput => ({
  ...request,
  overrides: {
    containerOverrides: [
      { name: 'worker', environment: Object.entries(env).map(([name, value]) => ({ name, value })) },
    ],
  },
})

/** Deliveries to a synchronous receiver are microtasks, so one turn of the event loop completes them. */
export const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Uses ps, not kill(pid, 0): a dead orphan answers the latter until init has reaped it. */
export const isAlive = (pid: number): boolean =>
  /^[^Z]/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .trim(),
  )

/** For a process that got a SIGKILL; the kernel can take a moment. */
export const gone = (pid: number) => eventually(() => !isAlive(pid))

export async function endpoint(tasks: readonly TaskConfig[], options: Partial<LocalEcsOptions> = {}) {
  const events: TaskEvent[] = []
  const lines: OutputLine[] = []
  const ecs = await startLocalEcs({
    tasks,
    docker: 'never',
    onEvent: (event) => void events.push(event as TaskEvent),
    onOutput: (line) => void lines.push(line),
    ...options,
  })
  // One attempt, so that the test sees each response.
  const client = new ECSClient({
    endpoint: ecs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  onTestFinished(async () => {
    client.destroy()
    await ecs.close()
  })
  const stopped = (taskArn: string | undefined) =>
    eventually(() => events.find(({ detail }) => detail.taskArn === taskArn && detail.lastStatus === 'STOPPED'))
  return {
    ecs,
    client,
    events,
    lines,
    stopped,
    run: (input: Partial<RunTaskCommandInput> = {}) => client.send(new RunTaskCommand({ ...request, ...input })),
    /** Runs one task, and returns its last event. */
    async end(input: Partial<RunTaskCommandInput> = {}) {
      const { tasks: started } = await client.send(new RunTaskCommand({ ...request, ...input }))
      return stopped(started?.[0]?.taskArn)
    },
    text: (stream: 'stdout' | 'stderr') => lines.filter((line) => line.stream === stream).map((line) => line.text),
    /** The process id that the program prints: its own or that of a child. */
    pid: () => eventually(() => Number(lines[0]?.text) || undefined),
  }
}
