/** Shared by the tests of the document: a config with every feature, an OpenAPI linter, and a JSON Schema validator. */
import { readdirSync, readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Config, TaskConfig } from '../../src/core/model/config.ts'
import type { ParamDeclarations } from '../../src/core/model/param.ts'
import { openApiDocument } from '../../src/openapi/document.ts'
import type { Document, Operation } from '../../src/openapi/openapi-types.ts'

export const compiled = (yaml: string): Config => compileConfig(yaml, builtinSpecs)

/** Names of the examples. */
export const examples = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
export const exampleConfig = (name: string): Config => compiled(readFileSync(`examples/${name}/taskhook.yaml`, 'utf8'))

const place = 'cluster: c, taskDefinition: t, container: app, subnets: [s]'

/** Has every kind of parameter, signature and route. */
export const everything = `
sources:
  slack: { adapter: slack, signingSecret: "env:S" }
  github: { adapter: github, secret: "env:S" }
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:S" }
  web-app: { adapter: hmac, scheme: stripe, secret: "env:S" }
  gitlab: { adapter: hmac, scheme: gitlab, secret: "env:S" }
  gitea: { adapter: hmac, scheme: gitea, secret: "env:S" }
  linear: { adapter: hmac, scheme: linear, secret: "env:S" }
  pagerduty: { adapter: hmac, scheme: pagerduty, secret: "env:S" }
  silent: { adapter: hmac, scheme: shopify, secret: "env:S" }
  own:
    adapter: hmac
    secret: "env:S"
    event: { header: x-acme-event }
    scheme:
      header: [x-acme-signature, x-old-signature]
      algorithm: sha512
      encoding: base64
      signed: "{id}|{timestamp}|{body}"
      id: x-acme-id
      timestamp: { header: x-acme-time, unit: ms, tolerance: 30 }
      secret: base64
tasks:
  analyze:
    ${place.replaceAll(', ', '\n    ')}
    description: Looks at a dataset.
    params:
      dataset: { type: string, pattern: "^[a-z0-9_-]{1,64}$", required: true, description: Which dataset }
      note: { type: string, minLength: 2, maxLength: 5 }
      mode: { type: string, enum: [fast, thorough, fast], default: fast }
      depth: { type: integer, min: 1, max: 10, default: 3 }
      count: { type: integer }
      ratio: { type: number, min: 0.5, max: .inf, default: 1 }
      dry-run: { type: boolean, default: false }
      api-key: { type: string, secret: true, required: true }
  report: { ${place}, params: { customer: { type: string, required: true }, year: { type: integer } } }
  tidy: { ${place} }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: github, event: push, run: tidy }
  - { on: shop, run: analyze }
  - { on: web-app, event: [invoice.paid, invoice.voided], run: report, if: "body.livemode", with: { customer: "\${body.data.object.customer}", year: 2026 } }
  - { on: gitlab, run: tidy }
  - { on: gitea, event: push, run: tidy, with: {} }
  - { on: linear, run: tidy, with: {} }
  - { on: pagerduty, event: incident.triggered, run: tidy, with: {} }
  - { on: own, event: a, run: analyze }
  - { on: own, event: b, run: report }
  - { on: own, event: c, run: report, name: again }
  - { on: own, event: d, run: tidy, with: {} }
`

/** Adds options to one source of a config. */
export function withOptions(config: Config, source: string, options: Config['sources'][string]['options']): Config {
  const before = config.sources[source]
  if (before === undefined) throw new Error(`there is no source ${source}`)
  const after = { ...before, options: { ...before.options, ...options } }
  return { ...config, sources: { ...config.sources, [source]: after } }
}

export const taskOf = (params: ParamDeclarations): TaskConfig => ({
  name: 'analyze',
  cluster: 'c',
  taskDefinition: 't',
  subnets: ['s'],
  assignPublicIp: 'DISABLED',
  capacity: ['FARGATE'],
  params,
})

const rules = createConfig({
  extends: ['spec'],
  rules: Object.fromEntries(
    [
      'no-unused-components',
      'no-unresolved-refs',
      'no-enum-type-mismatch',
      'no-required-schema-properties-undefined',
      'no-undefined-server-variable',
      'operation-operationId-unique',
      'operation-operationId-url-safe',
      'operation-summary',
      'operation-singular-tag',
      'operation-tag-defined',
      'parameter-description',
      'path-parameters-defined',
      'security-defined',
      'tag-description',
    ].map((rule) => [rule, 'error' as const]),
  ),
})

/** What the OpenAPI linter reports, as `rule pointer message`. */
export async function faultsOf(document: unknown): Promise<string[]> {
  const found = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: '/openapi.json',
    config: await rules,
  })
  return found.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer ?? ''} ${message}`)
}

// One for all documents, because compiling the meta-schema takes most of the time.
const ajv = new Ajv2020({ strict: true, ownProperties: true, allowUnionTypes: true, allErrors: true })
// Formats are for readers of the document. Core does not check them.
for (const format of ['password', 'uri', 'date-time']) ajv.addFormat(format, true)
ajv.addVocabulary(['openapi', 'info', 'servers', 'tags', 'paths', 'components'])
let documents = 0

/** Returns a function that validates a value against the schema at a JSON pointer of the document. */
export function judgeOf(document: Document): (pointer: string, value: unknown) => boolean {
  const id = `openapi-${documents++}.json`
  ajv.addSchema(document, id)
  return (pointer, value) => ajv.validate({ $ref: `${id}${pointer}` }, value) as boolean
}

export const operationsOf = ({ paths }: Document): readonly Operation[] =>
  Object.values(paths).flatMap(({ get, post }) => [get, post].filter((operation) => operation !== undefined))

export const everythingDocument = (): Document => openApiDocument(compiled(everything))
