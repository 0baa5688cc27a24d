/** Where Bolt is in the shipped bundle: in a chunk that only the first Slack command loads, without the receivers. ADR 21 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Output {
  readonly bytes: number
  readonly entryPoint?: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}

const { outputs }: { readonly outputs: Readonly<Record<string, Output>> } = JSON.parse(
  readFileSync('dist/lambda.meta.json', 'utf8'),
)

const chunkOf = (entryPoint: string): string =>
  Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entryPoint) ??
  expect.unreachable(`no chunk of ${entryPoint}`)

/** A chunk and everything that is loaded with it. */
function loadedWith(path: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(path)) return loaded
  loaded.add(path)
  for (const { path: next, kind } of outputs[path]?.imports ?? [])
    if (kind === 'import-statement' && outputs[next] !== undefined) loadedWith(next, loaded)
  return loaded
}

const isBoltApp = (input: string): boolean => /@slack\/(bolt\/dist\/App\.js|web-api\/)/.test(input)
const holdsBolt = (path: string): boolean => Object.keys(outputs[path]?.inputs ?? {}).some(isBoltApp)

describe('the bundle', () => {
  it('has Bolt in one chunk, which nothing loads at init', () => {
    expect(Object.keys(outputs).filter(holdsBolt)).toEqual([chunkOf('node_modules/@slack/bolt/dist/App.js')])
    const atInit = [chunkOf('src/handler.ts'), chunkOf('src/adapters/slack/index.ts')]
    for (const path of atInit.flatMap((chunk) => [...loadedWith(chunk)])) expect(holdsBolt(path), path).toBe(false)
  })

  it('loads that chunk from the Slack adapter alone, so that no other deployment has it', () => {
    const app = chunkOf('node_modules/@slack/bolt/dist/App.js')
    const loaders = Object.keys(outputs).filter((path) => outputs[path]?.imports.some((next) => next.path === app))
    expect(loaders).toEqual([chunkOf('src/adapters/slack/index.ts')])
  })

  it('has none of the receivers’ packages', () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
    expect(inputs.some((input) => input.includes('@slack/bolt/dist/App.js'))).toBe(true)
    expect(
      inputs.filter((input) => /node_modules\/(undici|iconv-lite|jsonwebtoken|raw-body|express)\//.test(input)),
    ).toEqual([])
    expect(outputs[chunkOf('node_modules/@slack/bolt/dist/App.js')]?.bytes).toBeLessThan(150_000)
  })
})
