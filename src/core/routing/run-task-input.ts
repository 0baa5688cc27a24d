/**
 * The input of RunTask for a run, to the last key. Pure and without a clock: ECS answers a repeated client token with a
 * ConflictException unless every other parameter is the same.
 */
import type { EnvEntry, Place, Plan, TaskRequest } from '../model/plan.ts'
import { startedByOf } from '../model/run.ts'

/** @param container the name of the run's container @param env variables that are not in the plan (`progressEnv`) */
export function requestFor(
  plan: Plan,
  run: string,
  container: string,
  place: Place,
  env: readonly EnvEntry[] = [],
): TaskRequest {
  const { settings } = plan
  return {
    cluster: settings.cluster,
    taskDefinition: settings.taskDefinition,
    count: 1,
    startedBy: startedByOf(run),
    // RunTask accepts either a launch type or a capacity provider strategy.
    ...(place.capacity === 'FARGATE'
      ? { launchType: 'FARGATE' as const }
      : { capacityProviderStrategy: [{ capacityProvider: place.capacity, weight: 1 as const }] }),
    ...(settings.platformVersion !== undefined && { platformVersion: settings.platformVersion }),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...place.subnets],
        ...(settings.securityGroups !== undefined && { securityGroups: [...settings.securityGroups] }),
        assignPublicIp: settings.assignPublicIp,
      },
    },
    overrides: overridesOf({ env: [...plan.env, ...env], settings }, container),
    tags: tagsOf(plan, run),
  }
}

export const overridesOf = (
  { env, settings }: Pick<Plan, 'env' | 'settings'>,
  container: string,
): TaskRequest['overrides'] => ({
  ...(settings.cpu !== undefined && { cpu: settings.cpu }),
  ...(settings.memory !== undefined && { memory: settings.memory }),
  containerOverrides: [{ name: container, environment: env }],
})

/** For cost reports and for people. ECS events carry no tags, so a run cannot be found by them. */
function tagsOf({ settings, task }: Plan, run: string): TaskRequest['tags'] {
  const tags = { ...settings.tags, 'taskhook:run': run, 'taskhook:task': task }
  return Object.entries(tags).map(([key, value]) => ({ key, value }))
}
