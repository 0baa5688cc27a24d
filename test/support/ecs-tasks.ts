/** The tasks of a local ECS, asked over its API. */
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs'
import { localCredentials } from '../../src/local/emulators.ts'

export interface EcsTasks {
  /** All tasks that ECS knows, including stopped ones. @param run only those that were started for this run */
  tasks(run?: string): Promise<readonly Task[]>
  /** Stops a task as a person does in the console. */
  stopTask(taskArn: string): Promise<void>
  close(): void
}

export function createEcsTasks(endpoint: string, clusters: readonly string[]): EcsTasks {
  const client = new ECSClient({
    endpoint,
    region: localCredentials.AWS_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  return {
    async tasks(run) {
      // By ARN, since a task that stops between the two lists is in both.
      const found = new Map<string | undefined, Task>()
      for (const cluster of new Set(clusters)) {
        for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
          const { taskArns: tasks = [] } = await client.send(new ListTasksCommand({ cluster, desiredStatus }))
          if (tasks.length === 0) continue
          const described = await client.send(new DescribeTasksCommand({ cluster, tasks }))
          for (const task of described.tasks ?? []) found.set(task.taskArn, task)
        }
      }
      return [...found.values()].filter(({ startedBy }) => run === undefined || startedBy === `taskhook/${run}`)
    },
    async stopTask(task) {
      await client.send(new StopTaskCommand({ cluster: task.split('/').at(-2), task, reason: 'stopped by hand' }))
    },
    close: () => client.destroy(),
  }
}
