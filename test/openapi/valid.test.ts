import { describe, expect, it } from 'vitest'
import { openApiOf } from '../../src/openapi/index.ts'
import type { Document } from '../../src/openapi/openapi-types.ts'
import { compiled, everything, everythingDocument, exampleConfig, examples, faultsOf, withOptions } from './document.ts'

describe('the document is OpenAPI', () => {
  it.each(examples)('of examples/%s', async (name) => {
    expect(await faultsOf(openApiOf(exampleConfig(name)))).toEqual([])
    expect(await faultsOf(openApiOf(exampleConfig(name), { url: 'https://abc.lambda-url.eu-west-1.on.aws' }))).toEqual(
      [],
    )
  })

  it('of a config with everything in it', async () => {
    expect(await faultsOf(everythingDocument())).toEqual([])
  })

  it('of a config with callbacks', async () => {
    const config = compiled(everything)
    const fixed = { callbackUrl: 'https://shop.example.com/runs' }
    const chosen = { callbackHosts: ['*.example.com'] }
    for (const options of [fixed, chosen, { ...fixed, ...chosen }]) {
      const both = withOptions(withOptions(config, 'shop', options), 'web-app', options)
      expect(await faultsOf(openApiOf(both))).toEqual([])
    }
  })
})

describe('a document that is broken is seen', () => {
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
      'a type that there is not',
      /^struct .*\/type/,
      ({ components }) => Object.assign(components.schemas?.Run ?? {}, { type: 'text' }),
    ],
    [
      'an answer without a description',
      /^struct /,
      ({ paths }) => Object.assign(paths['/shop']?.post?.responses ?? {}, { 202: {} }),
    ],
    [
      'a reference to nothing',
      /^no-unresolved-refs /,
      ({ components }) => Reflect.deleteProperty(components.schemas ?? {}, 'Problem'),
    ],
    [
      'a component that nothing refers to',
      /^no-unused-components /,
      ({ components }) => Object.assign(components.schemas ?? {}, { Dead: { type: 'object' } }),
    ],
    [
      'two operations of one name',
      /^operation-operationId-unique /,
      ({ paths }) => Object.assign(paths['/shop']?.post ?? {}, { operationId: 'show-run' }),
    ],
    [
      'a secret way in',
      /^security-defined /,
      ({ paths }) => Object.assign(paths['/shop']?.post ?? {}, { security: [{ nothing: [] }] }),
    ],
    [
      'a path whose parameter is not declared',
      /^path-parameters-defined /,
      ({ paths }) => Object.assign(paths['/runs/{run}']?.get ?? {}, { parameters: [] }),
    ],
    [
      'a required key that is no property',
      /^no-required-schema-properties-undefined /,
      ({ components }) => Object.assign(components.schemas?.Problem ?? {}, { required: ['titel'] }),
    ],
  ])('%s', async (_, rule, change) => {
    expect(await faultsOf(broken(change))).toContainEqual(expect.stringMatching(rule))
  })
})
