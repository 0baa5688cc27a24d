import { spawnSync } from 'node:child_process'
import { ECSClient, RunTaskCommand, type RunTaskCommandInput, type Task } from '@aws-sdk/client-ecs'
import { onTestFinished } from 'vitest'
import type { TaskConfig } from '../../../src/core/model/config.ts'
import { type LocalEcsOptions, type OutputLine, startLocalEcs } from '../../../src/local/ecs/index.ts'

/** An event as EventBridge sends it, with all that a test looks at. */
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

/** Looks until it holds; the tests' own time-out is what gives up. */
export async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const seen = look()
    if (seen !== undefined && seen !== false) return seen
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Asks ps and not kill(pid, 0): an orphan that is dead answers the latter until init has taken note of it. */
export const isAlive = (pid: number): boolean =>
  /^[^Z]/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .trim(),
  )

/** A SIGKILL has been sent when this is called; the kernel may take a moment. */
export const gone = (pid: number) => until(() => !isAlive(pid))

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
  // One attempt: what the endpoint says is what the test sees.
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
    until(() => events.find(({ detail }) => detail.taskArn === taskArn && detail.lastStatus === 'STOPPED'))
  return {
    ecs,
    client,
    events,
    lines,
    stopped,
    run: (input: Partial<RunTaskCommandInput> = {}) => client.send(new RunTaskCommand({ ...request, ...input })),
    /** Runs one task to its end. */
    async end(input: Partial<RunTaskCommandInput> = {}) {
      const { tasks: started } = await client.send(new RunTaskCommand({ ...request, ...input }))
      return stopped(started?.[0]?.taskArn)
    },
    text: (stream: 'stdout' | 'stderr') => lines.filter((line) => line.stream === stream).map((line) => line.text),
    /** A number that the program prints: its process id, or one that it started. */
    pid: () => until(() => Number(lines[0]?.text) || undefined),
  }
}
