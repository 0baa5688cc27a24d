/** GitHub's webhook schema (test/fixtures/github/schema.json), and a small payload for each of its operations. */
import { readFileSync } from 'node:fs'
import type { Group, Schema } from '../../../scripts/github-schema.ts'
import { repositoryName } from './payloads.ts'

export const schema = JSON.parse(
  readFileSync(new URL('../../fixtures/github/schema.json', import.meta.url), 'utf8'),
) as Schema

export interface SchemaOperation extends Omit<Group, 'actions'> {
  readonly event: string
  readonly action?: string
}

/** One for each event and action. */
export const operations: readonly SchemaOperation[] = Object.entries(schema.events).flatMap(([event, groups]) =>
  groups.flatMap(({ actions, ...group }) =>
    (actions.length === 0 ? [undefined] : actions).map((action) => ({
      event,
      ...group,
      ...(action !== undefined && { action }),
    })),
  ),
)

/** The branch that every ref of a payload names. */
export const branchName = 'main'

const isCommit = (path: string) => /(^|_)(sha|oid|commit|commit_id|before|after)$/.test(path.split('.').at(-1) ?? '')
/** GitHub's documentation shows these with `refs/heads/`. */
const isFullRef = (event: string, path: string) =>
  /^(ref|base_ref)$|most_recent_instance\.ref$|^merge_group\./.test(path) && !['create', 'delete'].includes(event)

function put(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  const name = key.replace('[]', '')
  if (rest.length === 0) target[name] = value
  else if (key.endsWith('[]')) {
    const list = (Array.isArray(target[name]) ? target[name] : [{}]) as Record<string, unknown>[]
    target[name] = list
    put(list[0] ?? {}, rest, value)
  } else {
    const inner = typeof target[name] === 'object' && target[name] !== null ? target[name] : {}
    target[name] = inner
    put(inner as Record<string, unknown>, rest, value)
  }
}

/** With every required key, and with every ref if `withRefs`. @param sha of all commits */
export function payloadOf(
  { event, action, required, refs, repository }: SchemaOperation,
  sha = 'a'.repeat(40),
  withRefs = true,
): Record<string, unknown> {
  const payload: Record<string, unknown> = {}
  for (const path of required) put(payload, path.split('.'), {})
  for (const path of withRefs ? refs : [])
    put(
      payload,
      path.split('.'),
      isCommit(path) ? sha : isFullRef(event, path) ? `refs/heads/${branchName}` : branchName,
    )
  return {
    ...payload,
    ...(action !== undefined && { action }),
    ...(required.includes('ref_type') && { ref_type: 'branch' }),
    ...(repository && { repository: { full_name: repositoryName, name: 'site' } }),
    sender: { login: 'ann', type: 'User' },
  }
}
