/** DESIGN.md, section 3: who may import whom, and who may touch what. See docs/adr/0003-what-adapters-import.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** Path inside `src` → source. */
type Files = Readonly<Record<string, string>>
interface Import {
  readonly from: string
  /** A path inside `src`, or a package. */
  readonly to: string
  readonly how: 'static' | 'type' | 'late'
}
interface Rule {
  readonly says: string
  /** Whether an import is against the rule. */
  readonly against: (edge: Import) => boolean
}

const adapterOf = (path: string) => /^adapters\/([^/]+)\//.exec(path)?.[1]
const isPackage = (to: string) => !to.endsWith('.ts')
const isSpec = (path: string) => /^adapters\/([^/]+\/spec|specs)\.ts$/.test(path)
const openToAdapters = [
  'adapter',
  'arguments',
  'words',
  'signature',
  'errors',
  'http',
  'describe',
  'params',
  'run',
  'checkup',
].map((name) => `core/${name}.ts`)
const mayTouchAws = /^(core\/(ecs|assume|items|queue|secrets)\.ts|compose\.ts|local\/.*|cli\/.*|doctor\/.*)$/
const mayReadEnvironment = /^(handler\.ts|local\/.*|cli\/.*)$/
/** `explain` shows what a delivery of one's own would do: no request from outside gets there, and no Lambda function has it. */
const mayProve = /^(core\/signature\.ts|adapters\/[^/]+\/verify\.ts|cli\/explain\.ts)$/

const importRules: readonly Rule[] = [
  {
    says: 'core imports nothing of taskhook but core',
    against: ({ from, to }) => from.startsWith('core/') && !isPackage(to) && !to.startsWith('core/'),
  },
  {
    says: 'core does not know that GitHub or Slack exist',
    against: ({ from, to }) => from.startsWith('core/') && /^@(octokit|slack)\//.test(to),
  },
  {
    says: `adapters import of core only ${openToAdapters.join(', ')}; their specs config/fields.ts and config/spec.ts as well`,
    against: ({ from, to }) =>
      from.startsWith('adapters/') &&
      to.startsWith('core/') &&
      !openToAdapters.includes(to) &&
      !(isSpec(from) && /^core\/config\/(fields|spec)\.ts$/.test(to)),
  },
  {
    says: 'adapters import nothing of taskhook but adapters and core',
    against: ({ from, to }) => from.startsWith('adapters/') && !isPackage(to) && !/^(adapters|core)\//.test(to),
  },
  {
    says: 'an adapter does not import its sibling, nor the registry',
    against: ({ from, to }) => {
      const own = adapterOf(from)
      return own !== undefined && to.startsWith('adapters/') && adapterOf(to) !== own
    },
  },
  {
    says: 'only core/ecs, core/assume, core/items, core/queue, core/secrets, compose, local, cli and doctor touch an AWS SDK',
    against: ({ from, to }) => /^@(aws-sdk|smithy|aws)\//.test(to) && !mayTouchAws.test(from),
  },
  {
    says: 'the registry loads adapters only when they are asked for',
    against: ({ from, to, how }) => from === 'adapters/registry.ts' && adapterOf(to) !== undefined && how === 'static',
  },
]

const wordRules = [
  {
    says: 'only handler, local and cli read process.env',
    word: /\bprocess\s*\.\s*env\b|\bprocess\s*\[/,
    may: mayReadEnvironment,
  },
  {
    says: 'the one constant-time compare is in core/http/signature.ts',
    word: /\btimingSafeEqual\b/,
    may: /^core\/signature\.ts$/,
  },
  {
    says: 'only core/http/signature.ts, an adapter’s verify.ts and explain call proven',
    word: /(?<![.\w])proven\s*\(/,
    may: mayProve,
  },
]

const names = String.raw`(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)?\s*from\s*`
const staticImport = new RegExp(`^(?:import|export)(\\s+type)?\\s*(?:${names})?['"]([^'"]+)['"]`, 'gm')
const lateImport = /\bimport\(\s*['"]([^'"]+)['"]/g

/** Every import of a file: for names, for types, for the side effect, passed on, and late ones. */
function importsOf(from: string, source: string): Import[] {
  const resolve = (to: string) => (to.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), to)) : to)
  const code = source.replace(/^\s*(\/\/.*|\/\*[\s\S]*?\*\/|\*.*)$/gm, '')
  return [
    ...[...code.matchAll(staticImport)].map(([, type, to = '']): Import => {
      return { from, to: resolve(to), how: type === undefined ? 'static' : 'type' }
    }),
    ...[...code.matchAll(lateImport)].map(([, to = '']): Import => ({ from, to: resolve(to), how: 'late' })),
  ]
}

/** What is against the rules, each as `file: rule (what)`. */
function violations(files: Files): string[] {
  const edges = Object.entries(files).flatMap(([path, source]) => importsOf(path, source))
  return [
    ...importRules.flatMap(({ says, against }) =>
      edges.filter(against).map(({ from, to }) => `${from}: ${says} (${to})`),
    ),
    ...wordRules.flatMap(({ says, word, may }) =>
      Object.entries(files)
        .filter(([path, source]) => !may.test(path) && word.test(source) && word.test(withoutComments(source)))
        .map(([path]) => `${path}: ${says}`),
    ),
    ...cycles(edges).map((cycle) => `${cycle[0]}: there are no cycles (${cycle.join(' → ')})`),
  ]
}

/** The code as it runs: no comments, no types. */
const withoutComments = (source: string) => transformSync(source, { loader: 'ts', legalComments: 'none' }).code

/** Types alone are nothing at run time, so they make no cycle. */
function cycles(edges: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to, how } of edges) if (how !== 'type') next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) found.push([...above.slice(above.indexOf(path)), path])
    else if (!done.has(path)) {
      for (const to of next.get(path) ?? []) visit(to, [...above, path])
      done.add(path)
    }
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

const root = new URL('../src/', import.meta.url)
const sources: Files = Object.fromEntries(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(new URL(path, root), 'utf8')]),
)

describe('the boundaries', () => {
  it('are kept', () => {
    expect(violations(sources)).toEqual([])
  })

  it('are those of a house that is there', () => {
    expect(Object.keys(sources)).toEqual(
      expect.arrayContaining(['handler.ts', 'compose.ts', 'core/bridge.ts', 'adapters/slack/verify.ts']),
    )
    expect(Object.entries(sources).flatMap(([path, source]) => importsOf(path, source)).length).toBeGreaterThan(150)
  })
})

describe('a boundary that is crossed is seen', () => {
  const clean: Files = {
    'core/adapter.ts': "import type { Run } from './run.ts'\nexport interface Adapter {}",
    'core/model/run.ts': "import type { Adapter } from './adapter.ts'\nexport const run = 1",
    'adapters/mine/index.ts':
      "import type { Adapter } from '../../core/adapter.ts'\nimport { verify } from './verify.ts'",
    'adapters/mine/verify.ts':
      "import { proven } from '../../core/signature.ts'\nexport const verify = () => proven(1, 2)",
    'adapters/registry.ts': "export const builtin = { mine: async () => (await import('./mine/index.ts')).mine }",
  }
  const [aws, env, one, prove, cycle] = [/AWS SDK/, /process\.env/, /constant-time/, /call proven/, /no cycles/]

  it('a clean house has none', () => {
    expect(violations(clean)).toEqual([])
  })

  it.each<[string, Files, RegExp]>([
    [
      'an adapter that runs tasks itself',
      { 'adapters/mine/translate.ts': "import { ECSClient } from '@aws-sdk/client-ecs'" },
      aws,
    ],
    [
      'an adapter with a type of the SDK',
      { 'adapters/mine/translate.ts': "import type { Task } from '@aws-sdk/client-ecs'" },
      aws,
    ],
    [
      'an adapter that loads the SDK late',
      { 'adapters/mine/translate.ts': "const load = () => import('@aws-sdk/client-ecs')" },
      aws,
    ],
    [
      'a pure file with the SDK',
      { 'core/routing/run-task-input.ts': "import {\n  type Task,\n} from '@aws-sdk/client-ecs'" },
      aws,
    ],
    ['a handler with the SDK', { 'handler.ts': "import '@aws-sdk/client-sqs'" }, aws],
    [
      'core that knows an adapter',
      { 'core/bridge.ts': "import { github } from '../adapters/github/index.ts'" },
      /nothing of taskhook but core/,
    ],
    [
      'core that knows an adapter’s type',
      { 'core/bridge.ts': "import type { X } from '../adapters/github/index.ts'" },
      /nothing of taskhook but core/,
    ],
    [
      'core that passes an adapter on',
      { 'core/bridge.ts': "export * from '../adapters/index.ts'" },
      /nothing of taskhook but core/,
    ],
    [
      'core that knows the composition root',
      { 'core/bridge.ts': "import { createBridge } from '../compose.ts'" },
      /nothing of taskhook but core/,
    ],
    [
      'core that knows the handler',
      { 'config/compile.ts': "import '../../handler.ts'" },
      /nothing of taskhook but core/,
    ],
    [
      'core that knows the emulator',
      { 'core/aws/ecs.ts': "const local = await import('../local/ecs/index.ts')" },
      /nothing of taskhook but core/,
    ],
    [
      'core that speaks GitHub',
      { 'core/lifecycle/notify.ts': "import { request } from '@octokit/request'" },
      /GitHub or Slack/,
    ],
    [
      'core that speaks Slack',
      { 'core/lifecycle/notify.ts': "import type { KnownBlock } from '@slack/types'" },
      /GitHub or Slack/,
    ],
    [
      'an adapter that reads the ledger',
      { 'adapters/mine/translate.ts': "import { createLedger } from '../../core/table-ledger.ts'" },
      /adapters import of core only/,
    ],
    [
      'an adapter that reads the schema',
      { 'adapters/mine/translate.ts': "import { text } from '../../core/config/fields.ts'" },
      /adapters import of core only/,
    ],
    [
      'a spec that compiles configs',
      { 'adapters/mine/spec.ts': "import { compileConfig } from '../../core/config/compile.ts'" },
      /adapters import of core only/,
    ],
    [
      'an adapter that imports its sibling',
      { 'adapters/mine/translate.ts': "import { verify } from '../github/verify.ts'" },
      /sibling/,
    ],
    [
      'an adapter that imports its sibling’s type',
      { 'adapters/mine/translate.ts': "import type { X } from '../github/verify.ts'" },
      /sibling/,
    ],
    [
      'an adapter that imports the registry',
      { 'adapters/mine/translate.ts': "import { builtin } from '../index.ts'" },
      /sibling/,
    ],
    [
      'an adapter that knows the local server',
      { 'adapters/mine/translate.ts': "import { inbox } from '../../local/inbox.ts'" },
      /nothing of taskhook but adapters and core/,
    ],
    [
      'a registry that loads everything',
      { 'adapters/registry.ts': "import { mine } from './mine/index.ts'" },
      /only when they are asked for/,
    ],
    ['core that reads the environment', { 'core/telemetry/log.ts': 'export const level = process.env.LOG_LEVEL' }, env],
    [
      'core that reads it by a detour',
      { 'core/telemetry/log.ts': "export const level = process['env'].LOG_LEVEL" },
      env,
    ],
    ['an adapter that reads the environment', { 'adapters/mine/translate.ts': 'const { TOKEN } = process.env' }, env],
    ['a composition root that reads the environment', { 'compose.ts': 'export const env = process.env' }, env],
    [
      'an adapter that compares for itself',
      { 'adapters/mine/verify.ts': "import { timingSafeEqual } from 'node:crypto'\ntimingSafeEqual(a, b)" },
      one,
    ],
    [
      'core that compares elsewhere',
      { 'core/model/run.ts': "import { timingSafeEqual } from 'node:crypto'\ntimingSafeEqual(a, b)" },
      one,
    ],
    [
      'a translate that proves',
      { 'adapters/mine/translate.ts': 'export const cheat = (request) => proven(request, undefined)' },
      prove,
    ],
    ['a bridge that proves', { 'core/bridge.ts': 'const verified = proven (request, "x")' }, prove],
    ['a cycle of two', { 'core/a.ts': "import { b } from './b.ts'", 'core/b.ts': "import { a } from './a.ts'" }, cycle],
    [
      'a cycle of three',
      {
        'core/a.ts': "import { b } from './b.ts'",
        'core/b.ts': "export { c } from './c.ts'",
        'core/c.ts': "import './a.ts'",
      },
      cycle,
    ],
    [
      'a cycle through a late import',
      { 'core/a.ts': "import { b } from './b.ts'", 'core/b.ts': "const load = () => import('./a.ts')" },
      cycle,
    ],
    ['a file that imports itself', { 'core/a.ts': "import { a } from './a.ts'" }, cycle],
  ])('%s', (_, files, rule) => {
    expect(violations({ ...clean, ...files })).toContainEqual(expect.stringMatching(rule))
  })

  it.each<[string, Files]>([
    [
      'a word in a comment',
      { 'core/telemetry/log.ts': '// not process.env\n/* nor timingSafeEqual, nor proven(x) */\nexport const x = 1' },
    ],
    [
      'an import in a comment',
      {
        'core/telemetry/log.ts':
          "/**\n * import { x } from '../handler.ts'\n */\n// import('../handler.ts')\nexport const x = 1",
      },
    ],
    ['another word that ends alike', { 'core/telemetry/log.ts': 'export const x = unproven(1) + row.proven(2)' }],
    ['proven passed on by the public entry', { 'index.ts': "export { proven } from './core/signature.ts'" }],
    ['the SDK where it belongs', { 'core/aws/ecs.ts': "import { ECSClient } from '@aws-sdk/client-ecs'" }],
    [
      'the environment where it belongs',
      { 'handler.ts': 'export const env = process.env', 'cli/main.ts': 'process.env.X' },
    ],
    ['a spec that reads the schema', { 'adapters/mine/spec.ts': "import { text } from '../../core/config/fields.ts'" }],
  ])('and nothing else: %s', (_, files) => {
    expect(violations({ ...clean, ...files })).toEqual([])
  })
})
