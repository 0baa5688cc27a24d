/**
 * Writes dist/taskhook.cdx.json, a CycloneDX SBOM of what ships. npm 11's `--omit dev` also drops packages that both dev and other
 * dependencies need (`yaml`, `tslib`), and it does not know what is bundled. So npm lists everything, and this script filters.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Lock, shippedOf } from './shipped.ts'

interface Hash {
  alg: string
  content: string
}

interface Bom {
  serialNumber?: string
  metadata: { timestamp?: string; component: { name: string } }
  components: { 'bom-ref': string; name: string; version: string; hashes?: Hash[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const root = new URL('..', import.meta.url).pathname
const shipped = shippedOf(JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as Lock)
const listed = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
const { serialNumber: _, ...bom } = JSON.parse(listed) as Bom
// The same lock file gives the same bytes: no timestamp, and the package's name instead of the folder's, which npm uses.
delete bom.metadata.timestamp
bom.metadata.component.name = 'taskhook'
const components = bom.components
  .filter(({ name, version }) => shipped.has(`${name}@${version}`))
  .map((component) => ({ ...component, hashes: component.hashes ?? hashesOf(component) }))
const refs = new Set([...components.map((component) => component['bom-ref'])])
const dependencies = bom.dependencies
  .filter(({ ref }) => refs.has(ref) || ref.startsWith('taskhook@'))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }))

/** npm may list a copy that another package bundles. Its entry has no hash. */
function hashesOf({ name, version }: { readonly name: string; readonly version: string }): Hash[] {
  const [, base64] = /^sha512-(\S+)$/.exec(shipped.get(`${name}@${version}`) ?? '') ?? []
  return base64 === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }]
}

mkdirSync(`${root}dist`, { recursive: true })
writeFileSync(`${root}dist/taskhook.cdx.json`, `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`)
console.log(`dist/taskhook.cdx.json: ${components.length} packages`)
