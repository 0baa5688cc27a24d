/** The tasks that ECS still shows: those that run, and those that stopped less than an hour ago. */
import type { LocalTask } from './task-lifecycle.ts'

const hourMs = 3600 * 1000

export interface TaskStore {
  add(task: LocalTask): void
  /** Oldest first. */
  all(): readonly LocalTask[]
  /** @param ref ARN or id */
  find(clusterArn: string, ref: string): LocalTask | undefined
  isVisible(taskArn: string): boolean
}

export function createTaskStore(now: () => number): TaskStore {
  const tasks = new Map<string, LocalTask>()
  const dropExpired = () => {
    for (const [arn, task] of tasks) {
      const { stoppedAt } = task.state()
      if (stoppedAt !== undefined && now() >= stoppedAt + hourMs) tasks.delete(arn)
    }
  }
  const all = () => {
    dropExpired()
    return [...tasks.values()]
  }
  return {
    add: (task) => void tasks.set(task.state().taskArn, task),
    all,
    isVisible(taskArn) {
      dropExpired()
      return tasks.has(taskArn)
    },
    find: (clusterArn, ref) =>
      all().find((task) => {
        const { taskArn, clusterArn: taskCluster } = task.state()
        return taskCluster === clusterArn && (taskArn === ref || taskArn.endsWith(`/${ref}`))
      }),
  }
}
