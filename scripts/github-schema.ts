/**
 * Writes test/fixtures/github/schema.json: which events and actions GitHub has, and where their payloads name branches, tags and commits.
 * Usage: npm install --prefix DIR @octokit/openapi-webhooks @octokit/openapi-webhooks-types && node scripts/github-schema.ts DIR
 *
 * The first package has the schemas of all editions of GitHub. The second one is newer, and has only the types of github.com.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openApiOperations } from './github-schema-openapi.ts'
import { typedOperations } from './github-schema-types.ts'

/** One webhook of the schema. */
export interface Operation {
  /** `code-scanning-alert/created` */
  readonly id: string
  /** Of `X-GitHub-Event`, if the schema links its documentation. */
  readonly event?: string
  /** Several, if a payload is one of them. */
  readonly payload: readonly Shape[]
}

/** An object, the items of a list, or text: as far as it matters here. */
export interface Shape {
  readonly keys: Readonly<Record<string, { readonly required: boolean; readonly shape: () => readonly Shape[] }>>
  readonly items: () => readonly Shape[]
  readonly isText: boolean
  /** Of `action`: its only value. */
  readonly constants: readonly string[]
}

/** What the fixture has for some actions of an event. */
export interface Group {
  /** Empty: the event has no actions. */
  readonly actions: readonly string[]
  /** Top-level keys that every payload has, and those of `alert`, by which events of alerts differ. */
  readonly required: readonly string[]
  /** Paths of names of branches, tags and commits. */
  readonly refs: readonly string[]
  /** Whether payloads can name a repository. */
  readonly repository: boolean
}

export interface Schema {
  readonly origin: readonly string[]
  readonly operations: number
  readonly events: Readonly<Record<string, readonly Group[]>>
}

const refKey = /(^|_)(ref|branch|sha|oid|commit|commitish|commit_id|tag_name|before|after)$/
/** About the repository and not the event, or a file. */
const isAboutRepository =
  /(^|\.)((\w+_)?repo(sitory)?|forkee|parent|source)\.|(^|\.)(master|default)_branch$|(^|\.)auto_merge\./
const maxDepth = 6

/** Paths with dots, and `[]` for each item of a list. */
function refPaths(shape: Shape, path = '', depth = 0): readonly string[] {
  if (depth > maxDepth || isAboutRepository.test(path)) return []
  const name = path.split('.').at(-1) ?? ''
  const isRef = refKey.test(name.replace('[]', '')) || path === 'branches[].name'
  return [
    ...(shape.isText && isRef ? [path] : []),
    ...shape.items().flatMap((item) => refPaths(item, `${path}[]`, depth)),
    ...Object.entries(shape.keys).flatMap(([key, value]) =>
      value.shape().flatMap((each) => refPaths(each, path === '' ? key : `${path}.${key}`, depth + 1)),
    ),
  ]
}

const requiredKeys = (shapes: readonly Shape[], prefix = ''): string[] =>
  shapes.flatMap(({ keys }) =>
    Object.keys(keys)
      .filter((key) => keys[key]?.required)
      .map((key) => `${prefix}${key}`),
  )

/** The operations of one edition, as groups by event. */
function groupOf({ id, event: documented, payload }: Operation): [event: string, group: Group] {
  const [name = '', ...rest] = id.replaceAll('-', '_').split('/')
  const event = documented ?? name
  const keys: Shape['keys'] = Object.assign({}, ...payload.map((shape) => shape.keys))
  const action = keys.action?.shape().flatMap(({ constants }) => constants)[0] ?? rest[0]
  return [
    event,
    {
      // The documentation's example of an action that is free text.
      actions: action === undefined || event === 'repository_dispatch' ? [] : [action],
      required: [...requiredKeys(payload), ...requiredKeys(keys.alert?.shape() ?? [], 'alert.')].sort(),
      refs: [...new Set(payload.flatMap((shape) => refPaths(shape)))].sort(),
      repository: Object.hasOwn(keys, 'repository'),
    },
  ]
}

/** Editions of GitHub may differ: a key is required if it is in all, and a path counts if one has it. */
function merge(groups: readonly Group[]): Group {
  const [first, ...others] = groups
  if (first === undefined) throw new Error('there is no group')
  return others.reduce(
    (a, b) => ({
      actions: a.actions,
      required: a.required.filter((key) => b.required.includes(key)),
      refs: [...new Set([...a.refs, ...b.refs])].sort(),
      repository: a.repository || b.repository,
    }),
    first,
  )
}

/** Actions with the same payload are one group. */
function compact(groups: readonly Group[]): Group[] {
  const byAction = Map.groupBy(groups, ({ actions }) => actions.join())
  const merged = [...byAction.values()].map(merge)
  const same = Map.groupBy(merged, ({ actions: _, ...rest }) => JSON.stringify(rest))
  return [...same.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, actions: [first, ...others].flatMap(({ actions }) => actions).sort() }],
  )
}

export function schemaOf(origin: readonly string[], operations: readonly Operation[]): Schema {
  const grouped = operations.map(groupOf)
  const names = [...new Set(grouped.map(([event]) => event))].sort()
  const events = names.map((name) => [
    name,
    compact(grouped.flatMap(([event, group]) => (event === name ? [group] : []))),
  ])
  return { origin, operations: new Set(operations.map(({ id }) => id)).size, events: Object.fromEntries(events) }
}

/** One line for each group. */
export const schemaText = ({ origin, operations, events }: Schema): string =>
  `{\n"origin": ${JSON.stringify(origin)},\n"operations": ${operations},\n"events": {\n${Object.entries(events)
    .map(([name, groups]) => `${JSON.stringify(name)}: [\n${groups.map((group) => JSON.stringify(group)).join(',\n')}]`)
    .join(',\n')}}}\n`

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = join(process.argv[2] ?? '.', 'node_modules/@octokit')
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  const versionOf = (name: string) => `@octokit/${name} ${JSON.parse(read(`${name}/package.json`)).version}`
  const editions = ['api.github.com', 'ghec', 'ghes-3.14', 'ghes-3.19']
  const schema = schemaOf(
    [
      `${versionOf('openapi-webhooks')}: ${editions.join(', ')}`,
      `${versionOf('openapi-webhooks-types')}: api.github.com`,
    ],
    [
      ...editions.flatMap((edition) =>
        openApiOperations(JSON.parse(read(`openapi-webhooks/generated/${edition}.json`))),
      ),
      ...typedOperations(read('openapi-webhooks-types/types.d.ts')),
    ],
  )
  writeFileSync(new URL('../test/fixtures/github/schema.json', import.meta.url), schemaText(schema))
}
