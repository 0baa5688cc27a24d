/** Which files of dist/lambda a config needs, and how many bytes of them are read before the first delivery. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../core/model/config.ts'

/** https://esbuild.github.io/api/#metafile */
interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number
        readonly entryPoint?: string
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[]
      }
    >
  >
}

export interface Bundle {
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Bytes that Node reads before the function is ready. */
  readonly atInit: { readonly receive: number; readonly start: number }
}

// At run time this file is dist/…/*.js, next to dist/lambda.
const dist = fileURLToPath(new URL('../', import.meta.url))
const entry = 'dist/lambda/handler.mjs'

/** @throws {Error} if the bundle has not been built */
export function bundleFor(config: Config): Bundle {
  const { outputs } = JSON.parse(read(join(dist, 'lambda.meta.json'))) as Metafile
  const entryPointOf = (path: string): string => outputs[path]?.entryPoint ?? ''

  /** All files that `paths` reach through imports that `follow` accepts. */
  const reach = (paths: readonly string[], follow: (path: string, kind: string) => boolean): ReadonlySet<string> => {
    const reached = new Set<string>()
    const visit = (path: string): void => {
      if (reached.has(path)) return
      reached.add(path)
      for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
        if (external !== true && follow(next, kind)) visit(next)
    }
    paths.forEach(visit)
    return reached
  }

  const needed = reach([entry], (path) => isNeeded(entryPointOf(path), config))
  const bytesAtInit = (modules: RegExp): number => {
    const late = [...needed].filter((path) => modules.test(entryPointOf(path)))
    const read = reach([entry, ...late], (_, kind) => kind === 'import-statement')
    return [...read].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0)
  }
  const files = [...needed].sort().map((path): [string, Uint8Array] => {
    const name = path.replace('dist/lambda/', '')
    return [name, readFileSync(join(dist, 'lambda', name))]
  })
  return {
    files: Object.fromEntries(files),
    atInit: { receive: bytesAtInit(everyFunction), start: bytesAtInit(startAndSettle) },
  }
}

/** Leaves out adapters that the config does not name, with everything that only they import, and code for roles if there are none. */
function isNeeded(entryPoint: string, { sources, tasks }: Config): boolean {
  const adapter = /^src\/adapters\/([^/]+)\/index\.ts$/.exec(entryPoint)?.[1]
  if (adapter !== undefined) return Object.values(sources).some((source) => source.adapter === adapter)
  if (entryPoint.startsWith('node_modules/@octokit/auth-app/'))
    return Object.values(sources).some(({ options }) => options.appId !== undefined)
  if (entryPoint === 'src/core/aws/assume-role.ts')
    return Object.values(tasks).some(({ assumeRole }) => assumeRole !== undefined)
  return true
}

/** Dynamic imports that compose.ts makes at init in every function, and those that it makes only in `start` and `settle`. */
const everyFunction = /^src\/adapters\/[^/]+\/index\.ts$|\/client-(dynamodb|sqs)\//
const startAndSettle =
  /^src\/adapters\/[^/]+\/index\.ts$|^src\/core\/aws\/(ecs|assume-role)\.ts$|\/client-(dynamodb|sqs|ecs)\//

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error('the bundle does not exist; run "npm run build" in a checkout of taskhook first', { cause })
  }
}
