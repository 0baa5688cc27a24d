/**
 * dist/taskhook.cdx.json: what ships, as CycloneDX. npm 11's own `--omit dev` leaves out packages that are needed by others as well
 * (`yaml`, `tslib`), and it knows nothing of what is bundled; so it lists all, and what does not ship is taken out here.
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
// The same lock file makes the same bytes. npm takes the folder's name for the package's.
delete bom.metadata.timestamp
bom.metadata.component.name = 'taskhook'
const components = bom.components
  .filter(({ name, version }) => shipped.has(`${name}@${version}`))
  .map((component) => ({ ...component, hashes: component.hashes ?? hashesOf(component) }))
const refs = new Set([...components.map((component) => component['bom-ref'])])
const dependencies = bom.dependencies
  .filter(({ ref }) => refs.has(ref) || ref.startsWith('taskhook@'))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }))

/** npm may take the entry of a copy that another package has bundled, which has none. */
function hashesOf({ name, version }: { readonly name: string; readonly version: string }): Hash[] {
  const [, base64] = /^sha512-(\S+)$/.exec(shipped.get(`${name}@${version}`) ?? '') ?? []
  return base64 === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }]
}

mkdirSync(`${root}dist`, { recursive: true })
writeFileSync(`${root}dist/taskhook.cdx.json`, `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`)
console.log(`dist/taskhook.cdx.json: ${components.length} packages`)
