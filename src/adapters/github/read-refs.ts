/** Reads the branches, the tag and the commit of an event, by the table of event-refs.ts. Pure. */
import type { Facts } from '../../core/adapter.ts'
import { type EventRefs, eventRefs, type Paths } from './event-refs.ts'
import { asCommitSha, asName, type Payload, valueAt } from './payload.ts'

/** The most branches of one event. GitHub lists ten. */
const maxBranches = 100

/** An event that is not listed, since GitHub adds new ones: the places that most events use. fork-rules.ts finds its fork. */
const usual: Omit<EventRefs, 'fork'> = {
  branch: ['pull_request.base.ref', 'workflow_run.head_branch', 'deployment.ref'],
  commit: ['pull_request.head.sha', 'workflow_run.head_sha', 'deployment.sha'],
}

export const refsOf = (event: string): EventRefs | undefined =>
  Object.hasOwn(eventRefs, event) ? eventRefs[event] : undefined

/** The names at a path. */
function namesAt(payload: unknown, path: string): readonly string[] {
  const [before = '', ...after] = path.split('[].')
  const value = valueAt(payload, ...before.split('.'))
  if (after.length > 0) return Array.isArray(value) ? value.flatMap((item) => namesAt(item, after.join('[].'))) : []
  const name = asName(value)
  return name === undefined ? [] : [name]
}

/** The names at the first of the paths that has one. */
const firstNames = (payload: Payload, paths: Paths = []): readonly string[] =>
  [paths]
    .flat()
    .map((path) => namesAt(payload, path))
    .find((names) => names.length > 0) ?? []

const afterPrefix = (prefix: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))

/** A deployment, for example, may name a commit in place of a branch. */
const isBranchName = (name: string): boolean => !name.startsWith('refs/') && asCommitSha(name) === undefined

/** The branches and the tag of the event. For a pull request it is the base branch, as in GitHub Actions. */
export function refOf(event: string, payload: Payload): Pick<Facts, 'branch' | 'branches' | 'tag'> {
  const { ref, typedRef, branch, tag } = refsOf(event) ?? usual
  const typed = firstNames(payload, typedRef)
  const isTag = payload.ref_type === 'tag'
  const fullNames = [...firstNames(payload, ref), ...firstNames(payload, branch)]
  const branches = [
    ...(isTag ? [] : typed),
    ...afterPrefix('refs/heads/', fullNames),
    ...firstNames(payload, branch).filter(isBranchName),
  ]
  const [name] = [...(isTag ? typed : []), ...afterPrefix('refs/tags/', fullNames), ...firstNames(payload, tag)]
  return { ...branchFacts([...new Set(branches)]), ...(name !== undefined && { tag: name }) }
}

function branchFacts(branches: readonly string[]): Pick<Facts, 'branch' | 'branches'> {
  const [branch] = branches
  if (branch === undefined) return {}
  return branches.length === 1 ? { branch } : { branches: branches.slice(0, maxBranches) }
}

/** @returns undefined: the event is about no commit */
export function commitOf(event: string, payload: Payload): string | undefined {
  const { commit = [], tagCommit = [] } = refsOf(event) ?? usual
  return [refOf(event, payload).tag === undefined ? [] : tagCommit, commit]
    .flat()
    .flatMap((path) => namesAt(payload, path))
    .map(asCommitSha)
    .find((sha) => sha !== undefined)
}

/** The full name of the event's ref, whether it is a branch, a tag or neither. */
export const fullRefOf = (event: string, payload: Payload): string | undefined =>
  firstNames(payload, refsOf(event)?.ref)[0]
