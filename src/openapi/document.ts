/**
 * The HTTP API of a config as an OpenAPI document: every path, what it accepts and what it answers. Pure: the same config gives the
 * same bytes. The schemas accept exactly the parameters that `receive` accepts (test/openapi/agree.test.ts).
 */
import type { Config } from '../core/model/config.ts'
import { taskSchemas } from './delivery-body.ts'
import { deliveryPaths, signatureSchemes } from './delivery-paths.ts'
import { errorResponses } from './error-responses.ts'
import type { Document, Server } from './openapi-types.ts'
import { progressSchemas } from './progress-schemas.ts'
import { referencedComponents } from './referenced-components.ts'
import { runPaths, runSecuritySchemes } from './run-paths.ts'
import { runSchemas } from './run-schemas.ts'

export interface OpenApiOptions {
  /** The function URL: `https://abc.lambda-url.eu-west-1.on.aws`. Undefined: a placeholder. */
  readonly url?: string | undefined
  /** Of the document. Default: 1. */
  readonly version?: string | undefined
}

export function openApiDocument(config: Config, { url, version = '1' }: OpenApiOptions = {}): Document {
  const paths = { ...deliveryPaths(config), ...runPaths(config) }
  const components = {
    schemas: { ...taskSchemas(Object.values(config.tasks)), ...runSchemas, ...progressSchemas },
    responses: errorResponses,
    securitySchemes: { ...signatureSchemes(config), ...runSecuritySchemes },
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'taskhook',
      version,
      description: `Runs ${taskNames(config)} on AWS Fargate when a signed delivery arrives, and reports the result to its sender.`,
    },
    servers: [serverAt(url)],
    tags: [
      {
        name: 'Deliveries',
        description: 'Start a run. Each source has its own address, and its sender signs every delivery.',
      },
      { name: 'Runs', description: 'Follow, cancel, rerun and list runs.' },
    ],
    paths,
    components: referencedComponents(paths, components),
  }
}

/** `a`, `b` and `c` */
function taskNames({ tasks }: Config): string {
  const names = Object.keys(tasks).map((name) => `\`${name}\``)
  const last = names.pop() ?? 'nothing'
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`
}

const serverAt = (url: string | undefined): Server =>
  url !== undefined
    ? { url, description: 'The function URL.' }
    : {
        url: '{url}',
        description: 'The function URL. Set it with `taskhook openapi --url`.',
        variables: {
          url: {
            default: 'https://example.lambda-url.eu-west-1.on.aws',
            description: 'Scheme and host, without a path.',
          },
        },
      }
