/** The config of the tasks, adapted to this machine. Pure. */
import { dirname, resolve } from 'node:path'
import type { Config, TaskConfig } from '../core/model/config.ts'
import { clusterNameOf } from './ecs/arns.ts'

/** Every AWS account is this machine: no role is assumed, and a cluster is identified by its name. */
export const withoutAccounts = (config: Config): Config => ({
  ...config,
  tasks: Object.fromEntries(
    Object.entries(config.tasks).map(([name, { assumeRole: _, cluster, ...task }]) => [
      name,
      { ...task, cluster: clusterNameOf(cluster) ?? cluster },
    ]),
  ),
})

/** The tasks, with `local.cwd` resolved against the folder of the config file. */
export function localTasks(config: Config, configPath: string): readonly TaskConfig[] {
  const folder = dirname(resolve(configPath))
  return Object.values(config.tasks).map((task) =>
    task.local === undefined
      ? task
      : { ...task, local: { ...task.local, cwd: resolve(folder, task.local.cwd ?? '.') } },
  )
}
