/** The rules of the house: what each folder may import, and who may touch what. docs/architecture.md explains them, ADR 3 has the reasons. */
import { describe, expect, it } from 'vitest'
import { cyclesOf, type Files, type Import, importsOf, loadedBy, nodesOf, sourceFiles } from './support/imports.ts'

/** The rooms of core, from the bottom to the top: a room imports only rooms in lines above its own. */
const layers: readonly (readonly string[])[] = [
  ['core/errors.ts'],
  ['core/model', 'core/adapter.ts'],
  ['core/text'],
  ['core/routing'],
  ['core/http', 'core/telemetry', 'core/store'],
  ['core/aws'],
  ['core/services.ts'],
  ['core/lifecycle'],
  ['core/launch'],
  ['core/receive', 'core/commands', 'core/settle'],
  ['core/bridge.ts'],
]
const rooms = layers.flat()
/** The seam is written in terms of the model, and the model stores what the seam defines. */
const sameLayer = new Set(['core/adapter.ts core/model', 'core/model core/adapter.ts'])

/** What `src` holds besides core. */
const folders = ['adapters', 'cli', 'config', 'core', 'deploy', 'doctor', 'local', 'openapi']
const looseFiles = ['compose.ts', 'handler.ts', 'index.ts']

/** What each folder outside core may import of taskhook, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  adapters: ['core'],
  config: ['core'],
  deploy: ['core', 'config', 'adapters', 'compose.ts'],
  openapi: ['core', 'config', 'adapters'],
  doctor: ['core', 'config', 'adapters', 'deploy', 'compose.ts'],
  local: ['core', 'config', 'adapters', 'deploy', 'openapi', 'doctor', 'compose.ts'],
  cli: ['core', 'config', 'adapters', 'deploy', 'openapi', 'doctor', 'local', 'compose.ts'],
  'compose.ts': ['core', 'adapters'],
  'index.ts': ['core', 'config', 'adapters', 'compose.ts'],
  'handler.ts': ['core', 'adapters', 'compose.ts'],
}

/** An adapter's files that core, the registries or a reader looks for by name. */
const everyAdapterHas = ['index.ts', 'spec.ts', 'verify.ts', 'translate.ts', 'update-status.ts', 'checkup.ts']

const isPackage = (to: string) => !to.endsWith('.ts')
const adapterOf = (path: string) => /^adapters\/([^/]+)\//.exec(path)?.[1]
const topOf = (path: string) => path.split('/')[0] ?? path
/** `core/store/ledger.ts` → `core/store`; a loose file of core is a room of its own. */
const roomOf = (path: string) => path.split('/').slice(0, 2).join('/')
const layerOf = (path: string) => layers.findIndex((layer) => layer.includes(roomOf(path)))
const isSpec = (path: string) => /^adapters\/([^/]+\/spec|spec-registry)\.ts$/.test(path)
/** The files of `core/http` that adapters may import: bodies, replies, signatures and checks of URLs. ADR 3 has the list too. */
const httpForAdapters = [
  'answer-json',
  'body',
  'json-reply',
  'signature',
  'signature-scheme',
  'signature-timestamp',
  'standard-webhooks',
  'url-checks',
  'verified-request',
]
const openToAdapters = new RegExp(
  `^core/(adapter|errors)\\.ts$|^core/(model|text)/|^core/http/(${httpForAdapters.join('|')})\\.ts$`,
)
const mayTouchAws = /^(core\/aws\/.*|compose\.ts|local\/.*|cli\/.*|doctor\/.*)$/
const mayReadEnvironment = /^(handler\.ts|local\/.*|cli\/.*)$/
/** `explain` shows what a delivery would do on the reader's machine: no request from outside reaches it. */
const mayProve = /^(core\/http\/(signature|verified-request)\.ts|adapters\/[^/]+\/verify\.ts|cli\/explain\.ts)$/
/** `receive` faces the internet: it starts, ends and reports nothing. */
const notInReceive =
  /^core\/(launch|settle|commands)\/|^core\/lifecycle\/(notify|conclude|concurrency-release|cancel)\.ts$/
/** Code for builds and for developers. No Lambda function loads it. */
const notInLambda = /^(config|cli|local|doctor|openapi|deploy)\//

interface ImportRule {
  readonly says: string
  /** Whether an import breaks the rule. */
  readonly isBrokenBy: (edge: Import) => boolean
}

const importRules: readonly ImportRule[] = [
  {
    says: 'core imports nothing of taskhook but core',
    isBrokenBy: ({ from, to }) => from.startsWith('core/') && !isPackage(to) && !to.startsWith('core/'),
  },
  {
    says: 'a room of core imports only rooms below it',
    isBrokenBy: ({ from, to }) =>
      from.startsWith('core/') &&
      to.startsWith('core/') &&
      roomOf(from) !== roomOf(to) &&
      layerOf(to) >= layerOf(from) &&
      !sameLayer.has(`${roomOf(from)} ${roomOf(to)}`),
  },
  {
    says: 'a folder imports only the folders below it',
    isBrokenBy: ({ from, to }) =>
      topOf(from) !== 'core' &&
      !isPackage(to) &&
      topOf(from) !== topOf(to) &&
      !(mayImport[topOf(from)] ?? []).includes(topOf(to)) &&
      !(isSpec(from) && /^config\/(fields|spec)\.ts$/.test(to)),
  },
  {
    says: 'core does not know that GitHub or Slack exist',
    isBrokenBy: ({ from, to }) => from.startsWith('core/') && /^@(octokit|slack)\//.test(to),
  },
  {
    says: 'adapters import of core only the seam, the model, texts, errors and the listed files of HTTP',
    isBrokenBy: ({ from, to }) => from.startsWith('adapters/') && to.startsWith('core/') && !openToAdapters.test(to),
  },
  {
    says: 'an adapter imports neither its sibling nor the registry',
    isBrokenBy: ({ from, to }) => {
      const own = adapterOf(from)
      return own !== undefined && to.startsWith('adapters/') && adapterOf(to) !== own
    },
  },
  {
    says: 'only core/aws, compose, local, cli and doctor import an AWS SDK',
    isBrokenBy: ({ from, to }) => /^@(aws-sdk|smithy|aws)\//.test(to) && !mayTouchAws.test(from),
  },
  {
    says: 'the registry loads an adapter only when the config names it',
    isBrokenBy: ({ from, to, how }) =>
      from === 'adapters/registry.ts' && adapterOf(to) !== undefined && how === 'static',
  },
]

const wordRules = [
  {
    says: 'only handler, local and cli read process.env',
    isBrokenBy: (source: string) =>
      nodesOf(source).some(
        ({ type, object, property, computed }) =>
          type === 'MemberExpression' &&
          named(object) === 'process' &&
          (computed === true || named(property) === 'env'),
      ),
    may: mayReadEnvironment,
  },
  {
    says: 'secrets are compared in core/http/constant-time.ts only',
    isBrokenBy: (source: string) => nodesOf(source).some((node) => named(node) === 'timingSafeEqual'),
    may: /^core\/http\/constant-time\.ts$/,
  },
  {
    says: 'only core/http/signature.ts, an adapter’s verify.ts and explain call markVerified',
    isBrokenBy: (source: string) =>
      nodesOf(source).some(({ type, callee }) => type === 'CallExpression' && named(callee) === 'markVerified'),
    may: mayProve,
  },
]

const named = (node: unknown): unknown =>
  (node as { readonly type?: unknown } | undefined)?.type === 'Identifier' && (node as { readonly name?: unknown }).name

/** Everything that breaks a rule, each as `file: rule (what)`. */
function violations(files: Files): string[] {
  const edges = Object.entries(files).flatMap(([path, source]) => importsOf(path, source))
  const own = edges.filter(({ to }) => Object.hasOwn(files, to))
  return [
    ...importRules.flatMap(({ says, isBrokenBy }) =>
      edges.filter(isBrokenBy).map(({ from, to }) => `${from}: ${says} (${to})`),
    ),
    ...wordRules.flatMap(({ says, isBrokenBy, may }) =>
      Object.entries(files)
        .filter(([path, source]) => !may.test(path) && isBrokenBy(source))
        .map(([path]) => `${path}: ${says}`),
    ),
    ...strangers(files),
    ...cyclesOf(own.filter((edge) => !isSeam(edge))).map(
      (cycle) => `${cycle[0]}: files import each other in a circle (${cycle.join(' → ')})`,
    ),
    ...cyclesOf(folderEdges(own)).map(
      (cycle) => `${cycle[0]}: folders import each other in a circle (${cycle.join(' → ')})`,
    ),
    ...loads(own, 'core/receive/', notInReceive, 'receive loads nothing that starts, ends or reports a run'),
    ...loads(own, 'handler.ts', notInLambda, 'a Lambda function loads nothing of build time or of the command line'),
  ]
}

/** Files outside the rooms. */
const strangers = (files: Files): string[] =>
  Object.keys(files)
    .filter((path) =>
      topOf(path) === 'core' ? !rooms.includes(roomOf(path)) : ![...folders, ...looseFiles].includes(topOf(path)),
    )
    .map((path) => `${path}: is in no room`)

const isSeam = ({ from, to, how }: Import): boolean =>
  how === 'type' &&
  sameLayer.has(`${roomOf(from)} ${roomOf(to)}`) &&
  (from === 'core/adapter.ts' || to === 'core/adapter.ts')

/** A folder's arrows to other folders. A loose file is a folder of its own; the seam and the model are one. */
const folderEdges = (edges: readonly Import[]) =>
  edges
    .filter((edge) => !isSeam(edge))
    .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
    .filter(({ from, to }) => from !== to)

function folderOf(path: string): string {
  const folder = path.split('/').slice(0, -1).join('/')
  return folder === '' || folder === 'core' || folder === 'adapters' ? path : folder
}

function loads(edges: readonly Import[], start: string, forbidden: RegExp, says: string): string[] {
  const starts = [...new Set(edges.map(({ from }) => from))].filter((from) => from.startsWith(start))
  return starts.flatMap((from) =>
    [...loadedBy(from, edges)].filter((path) => forbidden.test(path)).map((path) => `${from}: ${says} (${path})`),
  )
}

const sources = sourceFiles()

describe('the house', () => {
  it('keeps every rule', () => {
    expect(violations(sources)).toEqual([])
  })

  it('has all its rooms, and the rules look at real imports', () => {
    const there = new Set(Object.keys(sources).flatMap((path) => [path, topOf(path), roomOf(path)]))
    expect([...rooms, ...folders, ...looseFiles].filter((room) => !there.has(room))).toEqual([])
    expect(Object.entries(sources).flatMap(([path, source]) => importsOf(path, source)).length).toBeGreaterThan(500)
  })

  it('opens only files of HTTP that adapters import', () => {
    const imported = new Set(
      Object.entries(sources)
        .filter(([path]) => path.startsWith('adapters/'))
        .flatMap(([path, source]) => importsOf(path, source).map(({ to }) => to)),
    )
    expect(httpForAdapters.filter((name) => !imported.has(`core/http/${name}.ts`))).toEqual([])
  })

  it('names the files of every adapter alike', () => {
    const adapters = [...new Set(Object.keys(sources).flatMap((path) => adapterOf(path) ?? []))]
    expect(adapters.length).toBeGreaterThan(2)
    const missing = adapters.flatMap((name) =>
      everyAdapterHas
        .filter((file) => !Object.hasOwn(sources, `adapters/${name}/${file}`))
        .map((file) => `${name}/${file}`),
    )
    expect(missing).toEqual([])
  })

  it('has no file of more than 220 lines, and few of more than 150', () => {
    const lines = Object.entries(sources).map(([path, source]) => ({ path, lines: source.split('\n').length - 1 }))
    expect(lines.filter((file) => file.lines > 220)).toEqual([])
    expect(lines.filter((file) => file.lines > 150).length / lines.length).toBeLessThan(0.05)
  })
})

/** A house that keeps every rule. Each test below adds the files that break one. */
const clean: Files = {
  'handler.ts': "import { compose } from './compose.ts'\nexport const env = process.env",
  'compose.ts': "import { createPipelines } from './core/bridge.ts'\nexport const compose = createPipelines",
  'core/adapter.ts': "import type { Run } from './model/run.ts'\nexport interface Adapter {}",
  'core/errors.ts': 'export class Unauthorized extends Error {}',
  'core/bridge.ts': "import { deliver } from './receive/delivery.ts'\nimport { launch } from './launch/launch.ts'",
  'core/model/run.ts': "import type { Adapter } from '../adapter.ts'\nexport const run = 1",
  'core/text/run-summary.ts': "import { run } from '../model/run.ts'\nexport const text = run",
  'core/http/constant-time.ts': "import { timingSafeEqual } from 'node:crypto'\nexport const same = timingSafeEqual",
  'core/http/signature.ts': "import { same } from './constant-time.ts'\nexport const markVerified = same",
  'core/store/ledger.ts': "import type { Run } from '../model/run.ts'\nexport interface Ledger {}",
  'core/aws/ecs.ts': "import { ECSClient } from '@aws-sdk/client-ecs'\nexport const ecs = ECSClient",
  'core/services.ts': "import type { Ledger } from './store/ledger.ts'\nexport interface Services {}",
  'core/lifecycle/open.ts': "import type { Services } from '../services.ts'\nexport const open = 1",
  'core/lifecycle/notify.ts': "import type { Services } from '../services.ts'\nexport const notify = 1",
  'core/launch/launch.ts': "import { notify } from '../lifecycle/notify.ts'\nexport const launch = notify",
  'core/receive/delivery.ts': "import { open } from '../lifecycle/open.ts'\nexport const deliver = open",
  'core/settle/sweep.ts': "import { notify } from '../lifecycle/notify.ts'\nexport const sweep = notify",
  'config/fields.ts': 'export const text = 1',
  'config/compile.ts': "import { text } from './fields.ts'\nexport const compile = text",
  'adapters/registry.ts': "export const builtin = { mine: async () => (await import('./mine/index.ts')).mine }",
  'adapters/mine/index.ts':
    "import type { Adapter } from '../../core/adapter.ts'\nimport { verify } from './verify.ts'",
  'adapters/mine/verify.ts':
    "import { markVerified } from '../../core/http/signature.ts'\nexport const verify = () => markVerified(1, 2)",
  'adapters/mine/spec.ts': "import { text } from '../../config/fields.ts'\nexport const spec = text",
  'adapters/other/verify.ts': 'export const verify = 1',
  'local/dev-server.ts': "import { compose } from '../compose.ts'\nexport const dev = compose",
  'cli/main.ts': "import { dev } from '../local/dev-server.ts'\nexport const env = process.env.X",
}

describe('a broken rule is noticed', () => {
  it('the clean house has none', () => {
    expect(violations(clean)).toEqual([])
  })

  it.each<[string, Files, RegExp]>([
    ['a loose file in core', { 'core/helpers.ts': 'export const x = 1' }, /core\/helpers\.ts: is in no room/],
    ['a new room of core', { 'core/misc/x.ts': 'export const x = 1' }, /core\/misc\/x\.ts: is in no room/],
    ['a new folder of src', { 'utils/x.ts': 'export const x = 1' }, /utils\/x\.ts: is in no room/],

    ['the model that imports a store', { 'core/model/run.ts': "import { x } from '../store/ledger.ts'" }, /below/],
    ['the model that imports a text', { 'core/model/a.ts': "import { x } from '../text/run-summary.ts'" }, /below/],
    [
      'a text that imports a type of HTTP',
      { 'core/text/a.ts': "import type { X } from '../http/signature.ts'" },
      /below/,
    ],
    ['a store that imports the services', { 'core/store/a.ts': "import type { X } from '../services.ts'" }, /below/],
    ['a store that imports the AWS room', { 'core/store/a.ts': "import { X } from '../aws/ecs.ts'" }, /below/],
    [
      'a shared step that imports launch',
      { 'core/lifecycle/a.ts': "import { x } from '../launch/launch.ts'" },
      /below/,
    ],
    ['settle that imports receive', { 'core/settle/a.ts': "import { x } from '../receive/delivery.ts'" }, /below/],
    [
      'receive that imports settle’s type',
      { 'core/receive/a.ts': "import type { X } from '../settle/sweep.ts'" },
      /below/,
    ],
    ['launch that imports the pipelines', { 'core/launch/a.ts': "import { x } from '../bridge.ts'" }, /below/],
    ['a type written in place', { 'core/model/a.ts': "export type X = import('../bridge.ts').Bridge" }, /below/],

    ['core that imports an adapter', { 'core/bridge.ts': "import { x } from '../adapters/mine/index.ts'" }, /but core/],
    ['core that passes an adapter on', { 'core/bridge.ts': "export * from '../adapters/registry.ts'" }, /but core/],
    ['core that imports the composition root', { 'core/bridge.ts': "import { x } from '../compose.ts'" }, /but core/],
    ['core that imports the config compiler', { 'core/bridge.ts': "import '../config/compile.ts'" }, /but core/],
    [
      'core that loads the emulator late',
      { 'core/aws/ecs.ts': "const x = await import('../../local/dev-server.ts')" },
      /but core/,
    ],
    [
      'core that speaks GitHub',
      { 'core/lifecycle/notify.ts': "import { x } from '@octokit/request'" },
      /GitHub or Slack/,
    ],
    ['core with a type of Slack', { 'core/text/a.ts': "import type { X } from '@slack/types'" }, /GitHub or Slack/],

    [
      'the config that imports the command line',
      { 'config/a.ts': "import { x } from '../cli/main.ts'" },
      /folders below/,
    ],
    [
      'the config that imports an adapter',
      { 'config/a.ts': "import { x } from '../adapters/mine/spec.ts'" },
      /folders below/,
    ],
    [
      'the emulator that imports the command line',
      { 'local/a.ts': "import { x } from '../cli/main.ts'" },
      /folders below/,
    ],
    [
      'an adapter that imports the emulator',
      { 'adapters/mine/a.ts': "import { x } from '../../local/dev-server.ts'" },
      /folders below/,
    ],
    [
      'an adapter that reads the schema',
      { 'adapters/mine/translate.ts': "import { text } from '../../config/fields.ts'" },
      /folders below/,
    ],
    [
      'a spec that compiles configs',
      { 'adapters/mine/spec.ts': "import { x } from '../../config/compile.ts'" },
      /folders below/,
    ],

    [
      'an adapter that reads the ledger',
      { 'adapters/mine/a.ts': "import { x } from '../../core/store/ledger.ts'" },
      /the seam, the model/,
    ],
    [
      'an adapter that imports routing',
      { 'adapters/mine/a.ts': "import { x } from '../../core/routing/params.ts'" },
      /the seam, the model/,
    ],
    [
      'an adapter that reads run tokens',
      { 'adapters/mine/a.ts': "import { controlTokenOf } from '../../core/http/run-tokens.ts'" },
      /the seam, the model/,
    ],
    [
      'an adapter that loads the guard of callbacks',
      { 'adapters/mine/a.ts': "const load = () => import('../../core/http/callback-guard.ts')" },
      /the seam, the model/,
    ],
    [
      'an adapter with a type of the services',
      { 'adapters/mine/a.ts': "import type { X } from '../../core/services.ts'" },
      /the seam, the model/,
    ],
    [
      'an adapter that imports its sibling',
      { 'adapters/mine/a.ts': "import { x } from '../other/verify.ts'" },
      /sibling/,
    ],
    [
      'an adapter with a type of its sibling',
      { 'adapters/mine/a.ts': "import type { X } from '../other/verify.ts'" },
      /sibling/,
    ],
    [
      'an adapter that imports the registry',
      { 'adapters/mine/a.ts': "import { builtin } from '../registry.ts'" },
      /sibling/,
    ],
    [
      'a registry that loads everything',
      { 'adapters/registry.ts': "import { mine } from './mine/index.ts'" },
      /when the config names it/,
    ],

    [
      'an adapter that runs tasks itself',
      { 'adapters/mine/a.ts': "import { ECSClient } from '@aws-sdk/client-ecs'" },
      /AWS SDK/,
    ],
    [
      'an adapter with a type of the SDK',
      { 'adapters/mine/a.ts': "import type { Task } from '@aws-sdk/client-ecs'" },
      /AWS SDK/,
    ],
    [
      'an adapter that loads the SDK late',
      { 'adapters/mine/a.ts': "const load = () => import('@aws-sdk/client-ecs')" },
      /AWS SDK/,
    ],
    [
      'a store with the SDK',
      { 'core/store/a.ts': "import {\n  type Task,\n} from '@aws-sdk/client-dynamodb'" },
      /AWS SDK/,
    ],
    ['a handler with the SDK', { 'handler.ts': "import '@aws-sdk/client-sqs'" }, /AWS SDK/],

    [
      'core that reads the environment',
      { 'core/model/a.ts': 'export const level = process.env.LOG_LEVEL' },
      /process\.env/,
    ],
    [
      'core that reads it by a detour',
      { 'core/model/a.ts': "export const level = process['env'].LOG_LEVEL" },
      /process\.env/,
    ],
    [
      'an adapter that reads the environment',
      { 'adapters/mine/a.ts': 'const { TOKEN } = process.env' },
      /process\.env/,
    ],
    ['a composition root that reads it', { 'compose.ts': 'export const env = process.env' }, /process\.env/],
    [
      'an adapter that compares for itself',
      { 'adapters/mine/verify.ts': "import { timingSafeEqual } from 'node:crypto'" },
      /compared/,
    ],
    [
      'core that compares elsewhere',
      { 'core/model/a.ts': "import * as c from 'node:crypto'\nc.timingSafeEqual(a, b)" },
      /compared/,
    ],
    [
      'a translate that proves',
      { 'adapters/mine/translate.ts': 'export const cheat = (r) => markVerified(r, undefined)' },
      /call markVerified/,
    ],
    ['a bridge that proves', { 'core/bridge.ts': 'const verified = markVerified (request, "x")' }, /call markVerified/],

    [
      'a circle of two files',
      { 'core/text/a.ts': "import { b } from './b.ts'", 'core/text/b.ts': "import { a } from './a.ts'" },
      /files .* circle/,
    ],
    [
      'a circle of three files',
      {
        'core/text/a.ts': "import { b } from './b.ts'",
        'core/text/b.ts': "export { c } from './c.ts'",
        'core/text/c.ts': "import './a.ts'",
      },
      /files .* circle/,
    ],
    [
      'a circle of types',
      { 'core/text/a.ts': "import type { B } from './b.ts'", 'core/text/b.ts': "import type { A } from './a.ts'" },
      /files .* circle/,
    ],
    [
      'a circle through a late import',
      { 'local/a.ts': "import { b } from './b.ts'", 'local/b.ts': "const x = () => import('./a.ts')" },
      /files .* circle/,
    ],
    ['a file that imports itself', { 'core/text/a.ts': "import { a } from './a.ts'" }, /files .* circle/],
    [
      'a circle of folders',
      {
        'local/a.ts': "import { b } from './ecs/b.ts'",
        'local/c.ts': 'export const c = 1',
        'local/ecs/b.ts': "import { c } from '../c.ts'",
      },
      /folders .* circle/,
    ],

    [
      'receive that notifies',
      { 'core/receive/a.ts': "import { notify } from '../lifecycle/notify.ts'" },
      /receive loads nothing/,
    ],
    [
      'receive that notifies by a detour',
      {
        'core/receive/a.ts': "import { b } from '../lifecycle/b.ts'",
        'core/lifecycle/b.ts': "import { notify } from './notify.ts'",
      },
      /receive loads nothing/,
    ],
    [
      'receive that notifies late',
      { 'core/receive/a.ts': "const x = () => import('../lifecycle/notify.ts')" },
      /receive loads nothing/,
    ],
    [
      'a function that loads the config compiler',
      { 'compose.ts': "const x = await import('./config/compile.ts')" },
      /Lambda function loads nothing/,
    ],
  ])('%s', (_, files, rule) => {
    expect(violations({ ...clean, ...files })).toContainEqual(expect.stringMatching(rule))
  })

  it.each<[string, Files]>([
    [
      'a forbidden word in a comment',
      { 'core/text/a.ts': '// not process.env\n/* nor timingSafeEqual, nor markVerified(x) */\nexport const x = 1' },
    ],
    [
      'an import in a comment',
      {
        'core/text/a.ts':
          "/**\n * import { x } from '../bridge.ts'\n */\n// import('../bridge.ts')\nexport const x = 1",
      },
    ],
    ['an import in a text', { 'core/text/a.ts': "export const x = `import { x } from '../bridge.ts'`" }],
    ['another word that ends alike', { 'core/text/a.ts': 'export const x = unmarkVerified(1) + row.markVerified(2)' }],
    [
      'markVerified passed on by the public entry',
      { 'index.ts': "export { markVerified } from './core/http/signature.ts'" },
    ],
    ['a type of what receive may not load', { 'core/receive/a.ts': "import type { X } from '../lifecycle/notify.ts'" }],
    ['the public entry that offers the compiler', { 'index.ts': "export { compile } from './config/compile.ts'" }],
  ])('and nothing else: %s', (_, files) => {
    expect(violations({ ...clean, ...files })).toEqual([])
  })
})
