/**
 * dist/lambda/   the bundle of the three Lambda functions: ESM, split, so that a function loads only what the config needs
 * dist/          the CLI and the public API, without the packages that they depend on
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { build, type Plugin } from 'esbuild'
import packageJson from '../package.json' with { type: 'json' }
import { builtinSpecs } from '../src/adapters/spec-registry.ts'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { withoutBoltReceivers } from './bolt-plugin.ts'

const { dependencies, peerDependencies } = packageJson
const root = new URL('..', import.meta.url).pathname
rmSync(`${root}dist`, { recursive: true, force: true })

/**
 * Built-in modules by `getBuiltinModule`: an ESM import of one makes a facade that touches every export, and `node:http` and
 * `node:crypto` have exports that load half of Node when they are touched (undici, WebCrypto).
 */
const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    const known = new Set(builtinModules)
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '')
      return known.has(name) && kind !== 'require-call' ? { path: name, namespace: 'builtin' } : undefined
    })
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

const common = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'warning',
} as const

const lambda = await build({
  ...common,
  entryPoints: { handler: 'src/handler.ts' },
  outdir: 'dist/lambda',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  target: 'node24',
  // Prefer ESM builds of packages: a CommonJS bundle takes five times as long to load.
  mainFields: ['module', 'main'],
  // Compiling is a quarter of a cold start, and takes half the time for half the bytes.
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [builtins, withoutBoltReceivers],
  // Bolt and its dependencies are CommonJS and load built-in modules with `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
writeFileSync(`${root}dist/lambda.meta.json`, JSON.stringify(lambda.metafile))

await build({
  ...common,
  entryPoints: { 'cli/main': 'src/cli/main.ts', 'cdk/index': 'infra/cdk/index.ts', index: 'src/index.ts' },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  target: 'node22',
  // The AWS clients that only `doctor` uses are bundled, so that users do not install 40 MB of them.
  external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
})
chmodSync(`${root}dist/cli/main.js`, 0o755)

writeFileSync(`${root}dist/taskhook.schema.json`, `${JSON.stringify(configJsonSchema(builtinSpecs), null, 2)}\n`)
execFileSync('tsc', ['-p', 'tsconfig.types.json'], { cwd: root, stdio: 'inherit' })
