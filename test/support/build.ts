/** The command line and the bundle are tested as they are shipped: built before the first test, where that is older than what it is built of. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'

const root = new URL('../..', import.meta.url).pathname
const sources = ['src', 'infra', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.types.json']
/** Of what the build writes, the last. */
const last = 'dist/types/src/index.d.ts'

/** Folders, too: theirs changes with a file that is gone. */
const changedAt = (path: string): number => {
  const stat = statSync(`${root}${path}`)
  const inside = stat.isDirectory() ? readdirSync(`${root}${path}`).map((name) => changedAt(`${path}/${name}`)) : []
  return Math.max(stat.mtimeMs, ...inside)
}
const builtAt = (): number => statSync(`${root}${last}`, { throwIfNoEntry: false })?.mtimeMs ?? 0

export default function setup(): void {
  if (builtAt() > Math.max(...sources.map(changedAt))) return
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' })
}
