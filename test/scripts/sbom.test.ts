import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { type Lock, shippedOf } from '../../scripts/shipped.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as Lock

interface Component {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly hashes?: readonly unknown[]
  readonly licenses?: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[]
}
interface Bom {
  readonly bomFormat: string
  readonly specVersion: string
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

const allowed = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']

describe('the SBOM', () => {
  let bom: Bom
  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/sbom.ts'], { cwd: root })
    bom = JSON.parse(readFileSync(`${root}dist/taskhook.cdx.json`, 'utf8')) as Bom
  }, 120_000)

  it('is a CycloneDX document of this package', () => {
    expect(bom).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'taskhook', version: packageJson.version } },
    })
    expect(bom.specVersion).toMatch(/^1\.[5-9]$/)
  })

  it('lists every package that ships, once, and no other', () => {
    const names = bom.components.map(({ name, version }) => `${name}@${version}`)
    expect(names.toSorted()).toEqual([...shippedOf(lock).keys()].sort())
    for (const name of Object.keys(packageJson.dependencies)) expect(names.join(' ')).toContain(`${name}@`)
    // Bundled into the command line.
    expect(names.join(' ')).toContain('@aws-sdk/client-ec2@')
    for (const name of ['vitest', 'esbuild', 'typescript', 'aws-cdk-lib'])
      expect(names.join(' ')).not.toContain(` ${name}@`)
  })

  it('has a hash and a license that allows redistribution for each package', () => {
    const notAllowed = bom.components.filter(
      ({ licenses = [] }) =>
        licenses.length === 0 || !licenses.every(({ license }) => allowed.includes(license?.id ?? '')),
    )
    expect(notAllowed.map(({ name, licenses }) => `${name} ${JSON.stringify(licenses)}`)).toEqual([])
    expect(bom.components.filter(({ hashes = [] }) => hashes.length === 0).map(({ name }) => name)).toEqual([])
  })

  it('refers only to packages that it lists', () => {
    const known = new Set(bom.components.map(({ name, version }) => `${name}@${version}`))
    expect(bom.dependencies.length).toBe(known.size + 1)
    for (const { dependsOn } of bom.dependencies) for (const each of dependsOn) expect(known).toContain(each)
  })
})

it('shippedOf leaves out packages that only tests need', () => {
  const packages = {
    '': { devDependencies: { '@aws-sdk/client-x': '1', test: '1' } },
    'node_modules/a': { version: '1' },
    'node_modules/test': { version: '1', dev: true },
    'node_modules/@aws-sdk/client-x': { version: '2', dev: true, dependencies: { b: '1' } },
    'node_modules/@aws-sdk/client-x/node_modules/b': { version: '3', dev: true, dependencies: { test2: '1' } },
    'node_modules/test2': { version: '4', dev: true },
    'node_modules/b': { version: '9', dev: true },
  }
  expect([...shippedOf({ packages }).keys()].sort()).toEqual(['@aws-sdk/client-x@2', 'a@1', 'b@3', 'test2@4'])
})
