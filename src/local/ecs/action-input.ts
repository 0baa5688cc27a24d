/** The shapes of the API's inputs. The rules for their values are in run-task-rules.ts. */
import * as v from 'valibot'
import { ApiError } from './errors.ts'

const text = v.optional(v.string())
const texts = v.optional(v.array(v.string()))
const cluster = v.optional(v.string(), 'default')

const containerOverride = v.looseObject({
  name: text,
  command: texts,
  environment: v.optional(v.array(v.object({ name: v.string(), value: v.optional(v.string(), '') }))),
})

// Loose where the API echoes its input.
export const runTaskInput = v.object({
  cluster,
  taskDefinition: v.optional(v.string(), ''),
  count: v.optional(v.number(), 1),
  clientToken: text,
  startedBy: text,
  group: text,
  launchType: text,
  capacityProviderStrategy: v.optional(v.array(v.looseObject({ capacityProvider: v.string() }))),
  platformVersion: text,
  networkConfiguration: v.optional(
    v.object({
      awsvpcConfiguration: v.optional(v.object({ subnets: texts, securityGroups: texts, assignPublicIp: text })),
    }),
  ),
  overrides: v.optional(
    v.looseObject({ cpu: text, memory: text, containerOverrides: v.optional(v.array(containerOverride)) }),
  ),
  tags: v.optional(v.array(v.object({ key: v.optional(v.string(), ''), value: v.optional(v.string(), '') }))),
})

export type RunTaskInput = v.InferOutput<typeof runTaskInput>

export const describeTasksInput = v.object({ cluster, tasks: v.optional(v.array(v.string()), []), include: texts })
export const stopTaskInput = v.object({ cluster, task: v.optional(v.string(), ''), reason: text })
export const describeTaskDefinitionInput = v.object({ taskDefinition: v.optional(v.string(), '') })
export const listTasksInput = v.object({
  cluster,
  startedBy: text,
  family: text,
  desiredStatus: text,
  launchType: text,
  serviceName: text,
  containerInstance: text,
  maxResults: v.optional(v.number(), 100),
  nextToken: text,
})

/** @throws {ApiError} a SerializationException with the path of the problem */
export function parseInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new ApiError('SerializationException', `${v.getDotPath(issue) ?? 'the request'}: ${issue.message}`)
}
