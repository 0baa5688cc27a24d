/** Filters of a route that an event can never satisfy, since its payload does not say what they ask for. Pure. */
import { isFreeAction, withoutRepository } from './event-names.ts'
import { refsOf } from './read-refs.ts'

export interface FilterConflict {
  /** Of the route. */
  readonly key: 'branches' | 'tags' | 'paths' | 'repositories' | 'event'
  /** What is missing: `"issues" names no branch`. */
  readonly because: string
}

/** A route as it is written or compiled. */
export type RouteFilters = Readonly<Partial<Record<'branches' | 'tags' | 'paths' | 'repositories' | 'forks', unknown>>>

/**
 * @param isKnown whether the schema has the event; a new one may name anything
 * @returns undefined: the event can match
 */
export function conflictOf(
  name: string,
  route: RouteFilters,
  isKnown: (event: string) => boolean,
): FilterConflict | undefined {
  const [event = ''] = name.split('.')
  if (!isKnown(event) && !isFreeAction(name)) return undefined
  return refConflict(name, event, route) ?? otherConflict(name, event, route)
}

/** A comment on a pull request has its branch and files once they are looked up. */
const isComment = (event: string): boolean => event === 'issue_comment'

function refConflict(name: string, event: string, { branches, tags }: RouteFilters): FilterConflict | undefined {
  const { ref, typedRef, branch, tag } = refsOf(event) ?? {}
  const canBe = (...paths: readonly unknown[]): boolean => paths.some((path) => path !== undefined)
  const satisfiesBranches = branches !== undefined && (isComment(event) || canBe(ref, typedRef, branch))
  const satisfiesTags = tags !== undefined && canBe(ref, typedRef, tag)
  if ((branches === undefined && tags === undefined) || satisfiesBranches || satisfiesTags) return undefined
  if (branches === undefined) return { key: 'tags', because: `"${name}" names no tag` }
  return { key: 'branches', because: `"${name}" names no branch${tags === undefined ? '' : ' and no tag'}` }
}

function otherConflict(
  name: string,
  event: string,
  { paths, repositories, forks }: RouteFilters,
): FilterConflict | undefined {
  if (paths !== undefined && event !== 'push' && !event.startsWith('pull_request') && !isComment(event))
    return { key: 'paths', because: `"${name}" changes no files` }
  if (repositories !== undefined && withoutRepository.includes(event))
    return { key: 'repositories', because: `"${name}" names no repository` }
  if (forks !== true && refsOf(event)?.fork === 'unknown')
    return { key: 'event', because: `"${name}" may be about the code of a fork, and the route has no "forks: true"` }
  return undefined
}
