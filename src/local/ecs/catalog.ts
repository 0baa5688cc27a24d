/** The clusters and task definitions of local ECS: those that the config names. Pure. */
import type { TaskConfig } from '../../core/model/config.ts'
import { clusterNameOf, definitionRefOf } from './arns.ts'

export interface Definition {
  readonly family: string
  readonly revision: number
  readonly containers: readonly string[]
  /** The tasks of the config that use this task definition. */
  readonly tasks: readonly TaskConfig[]
}

export interface Catalog {
  /** The name of a cluster, from its name or ARN. */
  cluster(ref: string): string | undefined
  definition(ref: string): Definition | undefined
}

export function createCatalog(tasks: readonly TaskConfig[]): Catalog {
  const clusters = new Set(tasks.map(({ cluster }) => clusterNameOf(cluster)))
  const definitions = definitionsOf(tasks)
  return {
    cluster(ref) {
      const name = clusterNameOf(ref)
      return clusters.has(name) ? name : undefined
    },
    definition(ref) {
      const wanted = definitionRefOf(ref)
      const family = definitions.filter((definition) => definition.family === wanted?.family)
      return wanted?.revision === undefined
        ? family.toSorted((a, b) => b.revision - a.revision)[0]
        : family.find(({ revision }) => revision === wanted.revision)
    },
  }
}

function definitionsOf(tasks: readonly TaskConfig[]): readonly Definition[] {
  const refs = tasks.flatMap((task) => {
    const ref = definitionRefOf(task.taskDefinition)
    return ref === undefined ? [] : [{ ...ref, task }]
  })
  const latestOf = (family: string) =>
    Math.max(1, ...refs.flatMap((ref) => (ref.family === family && ref.revision !== undefined ? [ref.revision] : [])))
  const byArn = Map.groupBy(
    refs.map(({ family, revision, task }) => ({ family, revision: revision ?? latestOf(family), task })),
    ({ family, revision }) => `${family}:${revision}`,
  )
  return [...byArn.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const members = group.map(({ task }) => task)
    return { family: first.family, revision: first.revision, containers: containersOf(members), tasks: members }
  })
}

/** If no task names a container, the task definition has a single one. */
function containersOf(tasks: readonly TaskConfig[]): readonly string[] {
  const named = new Set(tasks.flatMap(({ container }) => container ?? []))
  return named.size > 0 ? [...named] : ['app']
}

/**
 * The task of the config to run. Several tasks can share a task definition and have different commands. RunTask's parameters do not say
 * which of them is meant, so taskhook's own tag decides.
 */
export function taskFor(definition: Definition, container: string, tag: string | undefined): TaskConfig | undefined {
  const { tasks } = definition
  return (
    tasks.find(({ name }) => name === tag) ??
    tasks.find((task) => task.container === container) ??
    tasks.find((task) => task.container === undefined)
  )
}
