/** What the schema finds wrong with a config. */
import * as v from 'valibot'
import { isUnknownKey } from './fields.ts'
import type { ConfigFinding, ConfigPath } from './finding.ts'
import type { configSchema } from './schema.ts'

type Issue = v.BaseIssue<unknown>

export const schemaFindings = (schema: ReturnType<typeof configSchema>, value: unknown): ConfigFinding[] =>
  allIssues(schema, value).flatMap(findingsOf)

/** Valibot reports only one unknown key of each mapping, so those are removed and the rest is validated again. */
function allIssues(schema: ReturnType<typeof configSchema>, value: unknown): Issue[] {
  const input = structuredClone(value)
  const issues: Issue[] = []
  for (let found = v.safeParse(schema, input).issues; found !== undefined; found = v.safeParse(schema, input).issues) {
    issues.push(...found)
    const unknownKeys = found.flatMap((issue) => (isUnknownKey(issue) ? (issue.path?.at(-1) ?? []) : []))
    if (unknownKeys.length === 0) break
    for (const { input: mapping, key } of unknownKeys) Reflect.deleteProperty(mapping as object, key as string)
  }
  return issues
}

/** If a mapping was given for a text or a mapping, what is wrong inside it says more than that it is neither. */
function findingsOf(issue: Issue): ConfigFinding[] {
  const path = pathOf(issue)
  const inner = issue.type === 'union' ? (issue.issues ?? []).filter(({ path }) => path !== undefined) : []
  if (inner.length === 0) return [{ path, message: issue.message }]
  return inner.flatMap(findingsOf).map((each) => ({ ...each, path: [...path, ...each.path] }))
}

const pathOf = (issue: Issue): ConfigPath =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))
