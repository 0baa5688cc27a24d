/** The parts of OpenAPI 3.1 that taskhook writes. https://spec.openapis.org/oas/v3.1.1.html */
import type { Json } from '../core/adapter.ts'

/** JSON Schema 2020-12. */
export type Schema = { readonly [keyword: string]: Json }

export interface Reference {
  readonly $ref: string
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description: string
  readonly schema: Schema
}

export type Content = Readonly<Record<string, { readonly schema: Schema }>>

export interface RequestBody {
  readonly description?: string
  readonly required?: boolean
  readonly content: Content
}

export interface Response {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>
  readonly content?: Content
}

export type Responses = Readonly<Record<string, Response | Reference>>

/** The name of a security scheme → its scopes. taskhook uses none. */
export type Security = Readonly<Record<string, readonly never[]>>

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly TagName[]
  readonly security: readonly Security[]
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: RequestBody
  readonly responses: Responses
  /** A name → an expression for the URL → the operation. */
  readonly callbacks?: Readonly<Record<string, Paths>>
}

export type Paths = Readonly<Record<string, { readonly get?: Operation; readonly post?: Operation }>>

export type TagName = 'Deliveries' | 'Runs'

export interface SecurityScheme {
  readonly type: 'apiKey' | 'http'
  readonly in?: 'header' | 'query'
  readonly name?: string
  readonly scheme?: 'bearer'
  readonly description: string
}

export interface Components {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly responses: Readonly<Record<string, Response>>
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
}

export interface Server {
  readonly url: string
  readonly description: string
  readonly variables?: Readonly<Record<string, { readonly default: string; readonly description: string }>>
}

export interface Document {
  readonly openapi: '3.1.1'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly Server[]
  readonly tags: readonly { readonly name: TagName; readonly description: string }[]
  readonly paths: Paths
  readonly components: Partial<Components>
}

export const schemaRef = (name: string): { readonly $ref: string } => ({ $ref: `#/components/schemas/${name}` })

export const jsonContent = (schema: Schema): Content => ({ 'application/json': { schema } })
