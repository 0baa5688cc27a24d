/** What a container reports about its run. src/core/receive/parse-report.ts checks the same limits. */
import type { Schema } from './openapi-types.ts'
import { schemaRef } from './openapi-types.ts'

const link: Schema = {
  type: 'object',
  properties: {
    label: { type: 'string', minLength: 1, maxLength: 80, description: 'The text of the link.' },
    url: { type: 'string', format: 'uri', pattern: '^https://', maxLength: 1000, description: 'The target.' },
  },
  required: ['label', 'url'],
}

export const reportProperties: Readonly<Record<'percent' | 'message' | 'outputs' | 'links', Schema>> = {
  percent: { type: 'number', minimum: 0, maximum: 100, description: 'How much of the work is done.' },
  message: { type: 'string', maxLength: 500, description: 'What the container is doing.' },
  outputs: {
    type: 'object',
    description: 'Results of the container, by name.',
    propertyNames: { pattern: '^[A-Za-z0-9_.-]{1,64}$' },
    additionalProperties: { type: 'string', maxLength: 500 },
    maxProperties: 20,
  },
  links: {
    type: 'array',
    items: schemaRef('Link'),
    maxItems: 10,
    description: 'Links to what the container has created.',
  },
}

export const progressSchemas: Readonly<Record<string, Schema>> = {
  Report: {
    type: 'object',
    description: 'A progress report of a container. At least one key is required.',
    properties: reportProperties,
    additionalProperties: false,
    minProperties: 1,
  },
  Link: link,
}
