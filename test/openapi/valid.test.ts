import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../src/openapi/document.ts'
import type { Document } from '../../src/openapi/openapi-types.ts'
import { compiled, everything, everythingDocument, exampleConfig, examples, faultsOf, withOptions } from './document.ts'

describe('the linter finds nothing in the document', () => {
  it.each(examples)('of examples/%s', async (name) => {
    expect(await faultsOf(openApiDocument(exampleConfig(name)))).toEqual([])
    expect(
      await faultsOf(openApiDocument(exampleConfig(name), { url: 'https://abc.lambda-url.eu-west-1.on.aws' })),
    ).toEqual([])
  })

  it('of a config with every feature', async () => {
    expect(await faultsOf(everythingDocument())).toEqual([])
  })

  it('of a config with callbacks', async () => {
    const config = compiled(everything)
    const fixed = { callbackUrl: 'https://shop.example.com/runs' }
    const chosen = { callbackHosts: ['*.example.com'] }
    for (const options of [fixed, chosen, { ...fixed, ...chosen }]) {
      const both = withOptions(withOptions(config, 'shop', options), 'web-app', options)
      expect(await faultsOf(openApiDocument(both))).toEqual([])
    }
  })

  it.each<[string, Record<string, string | number>]>([
    ['batches in a key', { each: 'data.events' }],
    ['a body that is a batch', { each: '.' }],
    ['other status codes', { accepted: 200, refusals: 200 }],
    ['answers without a body', { accepted: 204 }],
    ['the status of a preset', { scheme: 'zoom' }],
    ['a preset that signs the URL and headers', { scheme: 'contentful' }],
    ['a preset with two ways to sign', { scheme: 'gitlab', refusals: 200 }],
  ])('of a config with %s', async (_, options) => {
    expect(await faultsOf(openApiDocument(withOptions(compiled(everything), 'shop', options)))).toEqual([])
  })
})

describe('the linter finds a broken document', () => {
  type Draft = {
    -readonly [key in keyof Document]: Record<string, Record<string, Record<string, Record<string, unknown>>>>
  }
  const broken = (change: (draft: Draft) => void): Document => {
    const draft = structuredClone(everythingDocument()) as unknown as Draft
    change(draft)
    return draft as unknown as Document
  }

  it.each<[string, RegExp, (draft: Draft) => void]>([
    [
      'with an unknown type',
      /^struct .*\/type/,
      ({ components }) => Object.assign(components.schemas?.Run ?? {}, { type: 'text' }),
    ],
    [
      'with an answer without a description',
      /^struct /,
      ({ paths }) => Object.assign(paths['/shop']?.post?.responses ?? {}, { 202: {} }),
    ],
    [
      'with a reference to a missing component',
      /^no-unresolved-refs /,
      ({ components }) => Reflect.deleteProperty(components.schemas ?? {}, 'Problem'),
    ],
    [
      'with an unused component',
      /^no-unused-components /,
      ({ components }) => Object.assign(components.schemas ?? {}, { Dead: { type: 'object' } }),
    ],
    [
      'with two operations of the same id',
      /^operation-operationId-unique /,
      ({ paths }) => Object.assign(paths['/shop']?.post ?? {}, { operationId: 'show-run' }),
    ],
    [
      'with an undefined security scheme',
      /^security-defined /,
      ({ paths }) => Object.assign(paths['/shop']?.post ?? {}, { security: [{ nothing: [] }] }),
    ],
    [
      'with an undeclared path parameter',
      /^path-parameters-defined /,
      ({ paths }) => Object.assign(paths['/runs/{run}']?.get ?? {}, { parameters: [] }),
    ],
    [
      'with a required key that is no property',
      /^no-required-schema-properties-undefined /,
      ({ components }) => Object.assign(components.schemas?.Problem ?? {}, { required: ['titel'] }),
    ],
  ])('%s', async (_, rule, change) => {
    expect(await faultsOf(broken(change))).toContainEqual(expect.stringMatching(rule))
  })
})
