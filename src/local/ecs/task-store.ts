/** The tasks that are remembered: those that run, and those that stopped less than an hour ago. */
import type { TaskLifecycle } from './task-lifecycle.ts'

const hour = 3600 * 1000

export interface Store {
  add(life: TaskLifecycle): void
  /** Those that can still be seen, oldest first. */
  all(): readonly TaskLifecycle[]
  /** By ARN or id. */
  find(clusterArn: string, task: string): TaskLifecycle | undefined
  visible(taskArn: string): boolean
}

export function createStore(now: () => number): Store {
  const lives = new Map<string, TaskLifecycle>()
  const forget = () => {
    for (const [arn, life] of lives) {
      const { stoppedAt } = life.state()
      if (stoppedAt !== undefined && now() >= stoppedAt + hour) lives.delete(arn)
    }
  }
  const all = () => {
    forget()
    return [...lives.values()]
  }
  return {
    add: (life) => void lives.set(life.state().taskArn, life),
    all,
    visible(taskArn) {
      forget()
      return lives.has(taskArn)
    },
    find: (clusterArn, task) =>
      all().find((life) => {
        const { taskArn, clusterArn: its } = life.state()
        return its === clusterArn && (taskArn === task || taskArn.endsWith(`/${task}`))
      }),
  }
}
