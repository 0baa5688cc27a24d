import { describe, expect, it } from 'vitest'
import { globRisk, redosRisk } from '../../src/config/redos-check.ts'
import { redosSamples, sampleText } from '../../src/config/redos-samples.ts'
import { matchesGlobs } from '../../src/core/routing/glob.ts'
import { changed, compile } from './lines.ts'

const characters = 8192

const ordinary = [
  '^[a-z0-9_-]{1,64}$',
  '^[\\w-]{1,128}$',
  '^[\\w.-]+@[\\w.-]+\\.[a-z]{2,}$',
  '^[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
  '^(?:[01]\\d|2[0-3]):[0-5]\\d$',
  '^\\d+(ms|s|m|h)$',
  '^\\d+\\.\\d+\\.\\d+$',
  // https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
  '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?$',
  '^[0-9a-f]{7,40}$',
  '^[0-9a-f]{40}$',
  '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  '^s3://[a-z0-9.-]{3,63}/.+$',
  '^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\\w./-]*)?$',
  "^[\\w!.*'()/-]{1,1024}$",
  '^arn:aws[\\w-]*:ecs:[a-z0-9-]+:\\d{12}:cluster/[\\w-]+$',
  '^(us|eu|ap)-(north|south|east|west|central)-\\d$',
  '^\\d{12}$',
  '^(dev|staging|prod)$',
  '^https?://[^\\s/]+(/\\S*)?$',
  '^[A-Z][A-Z0-9_]*$',
  '^refs/(heads|tags)/.+$',
  '^[^/]+/[^/]+$',
  '^[a-z]+(-[a-z]+)*$',
  '^([a-z0-9]+(-[a-z0-9]+)*\\.)+[a-z]{2,}$',
  '^[0-9]{1,3}(\\.[0-9]{1,3}){3}$',
  '^\\w+(,\\s*\\w+)*$',
  '^-?\\d+(\\.\\d+)?$',
  '^(?!.*\\.\\.)[\\w./-]+$',
  '^(?!-)[a-z-]+(?<!-)$',
  '^[A-Za-z0-9+/]*={0,2}$',
  '^\\p{L}[\\p{L} -]*$',
  '\\.csv$',
  '^.*\\.csv$',
]

const hanging = [
  '^(a+)+$',
  '^(a|a)*$',
  '(\\d+)*x',
  '^(a*)*$',
  '^(a|aa)+$',
  '^(\\w+\\s?)*$',
  '^(\\w+\\s?)+$',
  '^([a-z]+)*\\d$',
  '(x+x+)+y',
  '^(.*a){12}$',
  '^(.*,){8}x',
  '^(\\d+|\\d+\\.)+$',
  '^([\\w.]+)+@x$',
  '^(a?){30}a{30}$',
  '^\\w*\\w*\\w*$',
  '.*a.*b.*c.*d',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^\\d*\\d*\\d*x$',
  '^(?:a|ab|b)*c$',
  '^[a-z]+[a-z0-9]+[a-z0-9.]+$',
  '^((ab)*)*c$',
  '^(?<name>(?<other>[xy])+)+$',
  '^(?<a>x+)+\\k<a>$',
  '^([xy]+)+\\k<a>(?<a>z)$',
  '^s3://(?<key>(?i:z+)+)$',
  '^(?i:z|Z)+$',
  '^(?=(a+)+$)b',
  // The characters that they match do not appear in the pattern.
  '^(?:[\\u0400-\\u04ff]+-?)+$',
  '^(?:[\\u{4e00}-\\u{9fff}]+ ?)+$',
  '^(?:\\p{Script=Greek}+-?)+$',
  '^(?:[^\\x00-\\x7f]+-?)+$',
  `^${'(?:\\u0436|\\u0436\\u0436)'.repeat(28)}Z$`,
]

/** Milliseconds of CPU time: the machine may be busy with something else. */
function cpu(work: () => unknown): number {
  const began = process.cpuUsage()
  work()
  return process.cpuUsage(began).user / 1000
}
const letters = (pattern: string) => pattern.replace(/\\[a-zA-Z]|[\\^$.|?*+()[\]{}]/g, '')

describe('an ordinary pattern is accepted, and fast for every sample', () => {
  it.each(ordinary)('%s', (pattern) => {
    expect(redosRisk(pattern, 'u', characters)).toBeUndefined()
    const made = new RegExp(pattern, 'u')
    for (const sample of redosSamples([], letters(pattern))) {
      const text = sampleText(sample, characters)
      const once = () => cpu(() => made.test(text))
      const first = once()
      expect(first < 50 ? first : once(), JSON.stringify(sample)).toBeLessThan(50)
    }
  })
})

describe('a pattern that can hang is rejected with a sample text', () => {
  it.each(hanging)('%s', (pattern) => {
    expect(redosRisk(pattern, 'u', characters)).toMatch(/^could hang: it takes seconds or years for a text like ".+…/)
  })

  it('and the message names the part and the fix', () => {
    const yaml = changed({ 11: "      dataset: { type: string, pattern: '^([a-z]+-?)+$' }" })
    expect(compile(yaml)).toThrow(
      /taskhook\.yaml:11 {2}tasks\.analyze\.params\.dataset\.pattern: could hang: it takes seconds or years for a text like "a.*…!" of 8192 characters, because "\(\[a-z\]\+-\?\)\+" matches the same characters in many ways\. Do not let two .* or set a small maxLength$/,
    )
  })

  it('and its default is not tried against it', () => {
    const pattern = "pattern: '^(a+)+$', default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"
    expect(compile(changed({ 11: `      dataset: { type: string, ${pattern} }` }))).toThrow(/could hang/)
  })
})

describe('a lookbehind', () => {
  it.each(['(?<=^(a|a)*)!b', '(?<!a+)b', '(?<=(x(a+)))b'])('%s is rejected', (pattern) => {
    expect(redosRisk(pattern, 'u', characters)).toMatch(/^repeats something in a lookbehind/)
  })
  it.each(['(?<!-)a+$', '^\\w+(?<=[a-z*]{1,9})$', '(?<name>a+)b'])('%s is accepted', (pattern) => {
    expect(redosRisk(pattern, 'u', characters)).toBeUndefined()
  })
})

describe('a small maxLength', () => {
  it('is enough if the cost is a power of the length', () => {
    expect(redosRisk('^\\w*\\w*\\w*$', 'u', 100)).toBeUndefined()
    const yaml = changed({ 11: "      dataset: { type: string, pattern: '^\\w*\\w*\\w*!$', maxLength: 100 }" })
    expect(compile(yaml)).not.toThrow()
  })
  it('is not enough if the cost doubles with each character', () => {
    expect(redosRisk('^(a+)+$', 'u', 100)).toMatch(/^could hang/)
  })
})

describe('globs', () => {
  it.each([
    'main',
    'release/**',
    '**/*.csv',
    'data/**/in/*.{csv,json}',
    '*/*/*/*',
    'v*.*.*',
    'feature-*-*-*',
    '!docs/**',
    'src/*/*/test/*.ts',
    '**/**/**/**/x',
    'v[0-9]+.[0-9]+.x',
    '{main,release/*}',
    'répertoire/**',
  ])('%s is accepted', (glob) => {
    for (const longest of [1024, 4096]) expect(globRisk(glob, longest)).toBeUndefined()
  })
  it.each([
    ...['*a*b*c*d*', '**/*a*b*c*d*', '*-*-*-*-*-*-*x', '!*a*b*c*d*', '**/a/**/b/**/c/**/d/**'],
    // In picomatch, as in GitHub's filters, a "+" after a bracket repeats.
    ...['{a,aa}+x', '{[a-z]+,b}+x', `${'{a,a}'.repeat(32)}x`, '[a-z]+[a-z]+[a-z]+[a-z]+x'],
  ])('%s is rejected', (glob) => {
    expect(globRisk(glob, 4096)).toMatch(/^could hang: it takes seconds or years for a name like ".+…/)
  })
  it('are reported with the line of their route', () => {
    expect(compile(changed({ 14: '  - { on: github, event: push, run: analyze, branches: ["*a*b*c*d*"] }' }))).toThrow(
      /taskhook\.yaml:14 {2}routes\[0\]\.branches: "\*a\*b\*c\*d\*" could hang/,
    )
  })
  it('match 3000 files against 30 globs within a second', () => {
    const globs = Array.from({ length: 30 }, (_, at) => `src/**/module-${at}/*.{ts,tsx}`)
    const files = Array.from({ length: 3000 }, (_, at) => `src/packages/part-${at}/lib/deep/er/module-x/file-${at}.ts`)
    expect(cpu(() => files.some((file) => matchesGlobs(globs, file)))).toBeLessThan(1000)
  })
})

it('the Lambda bundle contains nothing of src/config', async () => {
  const { build } = await import('esbuild')
  const { metafile } = await build({
    ...{
      entryPoints: ['src/handler.ts'],
      outdir: 'unused',
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
    },
    ...{ format: 'esm', platform: 'node', packages: 'external', logLevel: 'silent' },
  })
  const read = [
    ...Object.keys(metafile.inputs),
    ...Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
  ]
  expect(read).toContain('src/core/bridge.ts')
  expect(read.filter((path) => /redos|\/config\/[a-z-]+\.ts$/.test(path))).toEqual([])
})
