/** The clusters and task definitions that exist here: those which the config names. Pure. */
import type { TaskConfig } from '../../core/model/config.ts'
import { clusterNameOf, definitionRefOf } from './arns.ts'

export interface Definition {
  readonly family: string
  readonly revision: number
  readonly containers: readonly string[]
  /** Tasks of the config that share this task definition. */
  readonly tasks: readonly TaskConfig[]
}

export interface Catalog {
  /** The cluster's name, from a name or an ARN. */
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

/** A task that names no container says that its task definition has one. */
function containersOf(tasks: readonly TaskConfig[]): readonly string[] {
  const named = new Set(tasks.flatMap(({ container }) => container ?? []))
  return named.size > 0 ? [...named] : ['app']
}

/**
 * What to run. Several tasks of a config can share a task definition and still have commands of their own; RunTask does not say which of
 * them is meant, but taskhook's own tag does.
 */
export function taskFor(definition: Definition, container: string, tag: string | undefined): TaskConfig | undefined {
  const { tasks } = definition
  return (
    tasks.find(({ name }) => name === tag) ??
    tasks.find((task) => task.container === container) ??
    tasks.find((task) => task.container === undefined)
  )
}
