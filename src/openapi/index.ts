/**
 * A config as an OpenAPI document: every address, what it takes and what it answers, for clients to be made of. Pure: the same config
 * gives the same bytes. As everywhere, one declaration of a parameter serves all: what a schema takes is what the door takes.
 */
import type { Config } from '../core/model/config.ts'
import { deliveryPaths, signatureSchemes } from './deliveries.ts'
import { taskSchemas } from './delivery-body.ts'
import type { Document, Server } from './openapi-types.ts'
import { refusalResponses } from './responses.ts'
import { runPaths, runSchemes } from './runs.ts'
import { fixedSchemas } from './schemas.ts'
import { usedComponents } from './used-components.ts'

export interface OpenApiOptions {
  /** Where taskhook listens: `https://abc.lambda-url.eu-west-1.on.aws`. Undefined: left open. */
  readonly url?: string | undefined
  /** Of the document. Default: 1. */
  readonly version?: string | undefined
}

export function openApiOf(config: Config, { url, version = '1' }: OpenApiOptions = {}): Document {
  const paths = { ...deliveryPaths(config), ...runPaths(config) }
  const components = {
    schemas: { ...taskSchemas(Object.values(config.tasks)), ...fixedSchemas },
    responses: refusalResponses,
    securitySchemes: { ...signatureSchemes(config), ...runSchemes },
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'taskhook',
      version,
      description: `Runs ${tasksInWords(config)} on AWS Fargate, each for whoever sends a signed delivery, and tells how it went.`,
    },
    servers: [serverAt(url)],
    tags: [
      {
        name: 'Deliveries',
        description: 'Ask for a run. Each sender has an address of its own, and signs what it sends.',
      },
      { name: 'Runs', description: 'Follow what was asked for.' },
    ],
    paths,
    components: usedComponents(paths, components),
  }
}

function tasksInWords({ tasks }: Config): string {
  const names = Object.keys(tasks).map((name) => `\`${name}\``)
  const last = names.pop() ?? 'nothing'
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`
}

const serverAt = (url: string | undefined): Server =>
  url !== undefined
    ? { url, description: 'The function URL.' }
    : {
        url: '{url}',
        description: 'The function URL; `taskhook openapi --url` fills it in.',
        variables: {
          url: { default: 'https://example.lambda-url.eu-west-1.on.aws', description: 'Scheme and host, no path.' },
        },
      }
