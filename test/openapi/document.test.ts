import { describe, expect, it } from 'vitest'
import { presets } from '../../src/adapters/hmac/presets.ts'
import type { Config } from '../../src/core/model/config.ts'
import { openApiDocument } from '../../src/openapi/document.ts'
import type { Operation } from '../../src/openapi/openapi-types.ts'
import { compiled, everything, everythingDocument, exampleConfig, operationsOf, withOptions } from './document.ts'

const config = compiled(everything)
const document = everythingDocument()
const delivery = (source: string, of: Config = config): Operation => {
  const operation = openApiDocument(of).paths[`/${source}`]?.post
  if (operation === undefined) throw new Error(`there is no delivery to ${source}`)
  return operation
}
const schemaOf = ({ requestBody }: Operation) => requestBody?.content['application/json']?.schema
const headersOf = ({ parameters = [] }: Operation) =>
  parameters.flatMap((parameter) => ('name' in parameter && parameter.in === 'header' ? parameter.name : []))

describe('the document', () => {
  it('has the given URL and version, or placeholders', () => {
    const at = openApiDocument(config, { url: 'https://abc.lambda-url.eu-west-1.on.aws', version: '1.2.3' })
    expect(at.info.version).toBe('1.2.3')
    expect(at.servers.map(({ url }) => url)).toEqual(['https://abc.lambda-url.eu-west-1.on.aws'])
    expect(document).toMatchObject({ openapi: '3.1.1', info: { title: 'taskhook', version: '1' } })
    expect(document.servers).toMatchObject([
      { url: '{url}', variables: { url: { default: 'https://example.lambda-url.eu-west-1.on.aws' } } },
    ])
  })

  it('has a path for every source, and the paths of runs', () => {
    const runs = ['/runs', '/runs/{run}', '/runs/{run}/cancel', '/runs/{run}/rerun', '/runs/{run}/progress']
    expect(Object.keys(document.paths)).toEqual([...Object.keys(config.sources).map((name) => `/${name}`), ...runs])
  })

  it('is plain JSON, and the same for the same config', () => {
    const text = JSON.stringify(document)
    expect(JSON.stringify(openApiDocument(compiled(everything)))).toBe(text)
    expect(JSON.parse(text)).toEqual(document)
    expect(text).not.toContain('env:S')
  })

  it('has a summary and an id for each operation', () => {
    for (const { summary, operationId } of operationsOf(document)) {
      expect(summary).toMatch(/^[A-Z].*[^.]$/)
      expect(operationId).toMatch(/^[a-z][a-z-]*$/)
    }
    expect(JSON.stringify(document)).not.toMatch(/undefined|\[object|NaN/)
  })
})

describe('parameters', () => {
  it('have the type and limits that the config declares', () => {
    expect(document.components.schemas?.analyzeParams).toEqual({
      type: 'object',
      description: 'Parameters of analyze. Looks at a dataset.',
      properties: {
        dataset: { type: 'string', description: 'Which dataset', pattern: '^[a-z0-9_-]{1,64}$', maxLength: 8192 },
        note: { type: 'string', minLength: 2, maxLength: 5 },
        mode: { type: 'string', enum: ['fast', 'thorough'], default: 'fast' },
        depth: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
        count: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
        ratio: { type: 'number', minimum: 0.5, default: 1 },
        'dry-run': { type: 'boolean', default: false },
        'api-key': { type: 'string', format: 'password', writeOnly: true, maxLength: 8192 },
      },
      required: ['dataset', 'api-key'],
      additionalProperties: false,
    })
  })

  it('are those of the task that the route runs', () => {
    expect(schemaOf(delivery('shop'))).toEqual({ $ref: '#/components/schemas/analyzeParams' })
    expect(schemaOf(delivery('own'))).toEqual({
      anyOf: [
        { $ref: '#/components/schemas/analyzeParams' },
        { $ref: '#/components/schemas/reportParams' },
        { type: 'object' },
      ],
    })
  })

  it('computed by the route are described with their expressions', () => {
    const { description, requestBody } = delivery('web-app')
    expect(requestBody?.content['application/json']?.schema).toEqual({ type: 'object' })
    expect(description).toBe(
      'Runs `report`, for `invoice.paid` or `invoice.voided`, if `body.livemode`: the body may be any JSON object; ' +
        '`customer` is `${body.data.object.customer}`, `year` is set by the route.\n\nThe name of the event is in `type` of the body.',
    )
  })

  it('are not listed for GitHub and Slack', () => {
    for (const source of ['github', 'slack']) {
      const { requestBody, description } = delivery(source)
      for (const { schema } of Object.values(requestBody?.content ?? {})) expect(schema).toEqual({ type: 'object' })
      expect(description).toMatch(/^(GitHub|Slack) sends /)
    }
  })

  it('are missing for a source without a route, and the description says so', () => {
    expect(delivery('silent').description).toMatch(/^This source has no route yet/)
  })
})

describe('a signature', () => {
  const schemes = document.components.securitySchemes ?? {}

  it.each(Object.values(config.sources).map(({ name }) => name))('%s has its own scheme and requires it', (name) => {
    expect(delivery(name).security).toEqual([{ [`${name}Signature`]: [] }])
    expect(schemes[`${name}Signature`]).toMatchObject({ type: 'apiKey', in: 'header' })
  })

  it.each(Object.keys(presets))('preset %s uses the header that the adapter reads', (scheme) => {
    const { securitySchemes } = openApiDocument(withOptions(config, 'shop', { scheme })).components
    const preset = presets[scheme as keyof typeof presets]
    expect(securitySchemes?.shopSignature?.name).toBe([preset.header].flat()[0])
    expect(securitySchemes?.shopSignature?.description).toMatch(
      { token: /nothing is signed/, ed25519: /^Ed25519 signature of / }[preset.algorithm as string] ??
        /^HMAC-SHA-(1|256|512) of /,
    )
  })

  it('describes what is signed, and how', () => {
    expect(schemes.ownSignature?.description).toBe(
      'HMAC-SHA-512 of `{id}|{timestamp}|{body}`, in base64; the key is the secret, decoded from base64. ' +
        '`{id}` is the header `x-acme-id`. `{timestamp}` is the header `x-acme-time`: the time in milliseconds since 1970, ' +
        'at most 30 s off. Sign exactly the bytes of the body that you send. `x-old-signature` counts as well.',
    )
    expect(schemes['web-appSignature']?.description).toContain('is in the same header, after `t=`')
    expect(schemes.linearSignature?.description).toContain('`webhookTimestamp` in the body is the time in milliseconds')
  })

  it('comes with the headers that it covers, or with one that identifies the delivery', () => {
    expect(headersOf(delivery('shop'))).toEqual(['webhook-id', 'webhook-timestamp'])
    expect(headersOf(delivery('own'))).toEqual(['x-acme-id', 'x-acme-time', 'x-acme-event'])
    expect(headersOf(delivery('web-app'))).toEqual([])
    expect(headersOf(delivery('gitea'))).toEqual(['x-gitea-delivery', 'Idempotency-Key', 'x-gitea-event'])
    expect(headersOf(delivery('linear'))).toEqual(['linear-delivery', 'Idempotency-Key'])
  })
})

describe('callbacks', () => {
  const expression = '{$request.body#/callbackUrl}'

  it('are missing if the source has none', () => {
    expect(operationsOf(document).filter(({ callbacks }) => callbacks !== undefined)).toEqual([])
    expect(JSON.stringify(document)).not.toMatch(/RunEvent|callbackUrl/)
  })

  it('go to the URL in the config', () => {
    const url = 'https://shop.example.com/runs'
    const { callbacks, description } = delivery('shop', withOptions(config, 'shop', { callbackUrl: url }))
    expect(description).toMatch(/posts each change of a run's status to `https:\/\/shop\.example\.com\/runs`\.$/)
    expect(Object.keys(callbacks?.run ?? {})).toEqual([url])
    expect(headersOf(callbacks?.run?.[url]?.post as Operation)).toEqual([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
      'traceparent',
      'tracestate',
    ])
  })

  it('go to the URL in the body, which then may contain one', () => {
    const chosen = withOptions(config, 'shop', { callbackHosts: ['*.example.com'] })
    expect(Object.keys(delivery('shop', chosen).callbacks?.run ?? {})).toEqual([expression])
    expect(schemaOf(delivery('shop', chosen))).toEqual({ $ref: '#/components/schemas/analyzeRequest' })
    expect(openApiDocument(chosen).components.schemas?.analyzeRequest).toMatchObject({
      properties: { dataset: { type: 'string' }, callbackUrl: { type: 'string', format: 'uri' } },
      additionalProperties: false,
    })
    const either = withOptions(chosen, 'shop', { callbackHosts: '*.example.com', callbackUrl: 'https://a.example.com' })
    expect(delivery('shop', either).description).toMatch(
      /`callbackUrl` in the body, on `\*\.example\.com`, or to `https:\/\/a\.example\.com` if there is none\.$/,
    )
    const computed = delivery('web-app', withOptions(config, 'web-app', { callbackHosts: ['*.example.com'] }))
    expect(schemaOf(computed)).toMatchObject({ type: 'object', properties: { callbackUrl: { format: 'uri' } } })
  })
})

describe('runs', () => {
  it('can be listed by sources that sign a timestamp', () => {
    const list = document.paths['/runs']?.get
    expect(list?.description).toContain('Of the newest 25 runs of the task, those that this source requested')
    expect(list?.security).toEqual([{ shopSignature: [] }, { 'web-appSignature': [] }, { ownSignature: [] }])
    expect(list?.parameters).toMatchObject([
      { name: 'source', schema: { enum: ['shop', 'web-app', 'own'] } },
      { name: 'task', schema: { enum: ['analyze', 'report', 'tidy'] } },
      { name: 'webhook-id', required: false },
      { name: 'webhook-timestamp' },
      { name: 'x-acme-id' },
      { name: 'x-acme-time' },
    ])
    expect(openApiDocument(exampleConfig('web-app-button')).paths['/runs']?.get?.parameters).toMatchObject([
      { name: 'source' },
      { name: 'task' },
      { name: 'webhook-id', required: true },
      { name: 'webhook-timestamp', required: true },
    ])
  })

  it('cannot be cancelled or rerun by URL if all sources are GitHub and Slack, whose links only read', () => {
    expect(Object.keys(openApiDocument(exampleConfig('existing-cluster')).paths)).toEqual([
      '/slack',
      '/github',
      '/runs/{run}',
      '/runs/{run}/progress',
    ])
  })

  it('accept progress reports from their containers', () => {
    const report = document.paths['/runs/{run}/progress']?.post
    expect(report?.security).toEqual([{ containerToken: [] }])
    expect(Object.keys(report?.responses ?? {})).toEqual(
      expect.arrayContaining(['202', '401', '410', '413', '422', '429']),
    )
  })
})

it('lists 429 for a source with limits, except for Slack, which always gets a 200', () => {
  const yaml = everything
    .replace('github, secret: "env:S"', 'github, secret: "env:S", limits: { perActor: 1/m }')
    .replace('signingSecret: "env:S"', 'signingSecret: "env:S", limits: { perActor: 1/m }')
    .replace('standard-webhooks, secret: "env:S"', 'standard-webhooks, secret: "env:S", limits: { deliveries: 1/m }')
  const { paths } = openApiDocument(compiled(yaml))
  const has = (name: string) => Object.hasOwn(paths[`/${name}`]?.post?.responses ?? {}, '429')
  expect(['github', 'shop', 'slack', 'gitlab'].map(has)).toEqual([true, true, false, false])
})
