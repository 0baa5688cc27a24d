import type { RunTaskCommandInput } from '@aws-sdk/client-ecs'
import { describe, expect, test } from 'vitest'
import { endpoint, request, sh, task } from './support.ts'

const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }))
const awsvpc = (over: object): Partial<RunTaskCommandInput> => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], assignPublicIp: 'DISABLED', ...over } },
})
const many = (count: number, name = 'x') => Array.from({ length: count }, (_, index) => `${name}-${index}`)

/** Overrides of exactly `characters` characters. */
function overridesOf(characters: number): RunTaskCommandInput['overrides'] {
  const of = (value: string) => ({ containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value }] }] })
  return of('é'.repeat(characters - JSON.stringify(of('')).length))
}

const rejected: [string, string, RegExp, Partial<RunTaskCommandInput>][] = [
  ['an unknown cluster', 'ClusterNotFoundException', /^Cluster not found\.$/, { cluster: 'nowhere' }],
  ['an unknown cluster ARN', 'ClusterNotFoundException', /not found/, { cluster: 'arn:aws:ecs:x:1:cluster/nowhere' }],
  ['no cluster, which means "default"', 'ClusterNotFoundException', /not found/, { cluster: undefined }],
  ['an unknown family', 'ClientException', /^TaskDefinition not found\.$/, { taskDefinition: 'nothing' }],
  ['an unknown revision', 'ClientException', /not found/, { taskDefinition: 'analyze:7' }],
  ['an invalid family', 'ClientException', /not found/, { taskDefinition: 'an alyze' }],
  ['count 0', 'InvalidParameterException', /count/, { count: 0 }],
  ['count 11', 'InvalidParameterException', /count/, { count: 11 }],
  ['startedBy with a colon', 'InvalidParameterException', /startedBy/, { startedBy: 'taskhook:1' }],
  ['startedBy of 129', 'InvalidParameterException', /startedBy/, { startedBy: 'a'.repeat(129) }],
  ['a token of 65', 'InvalidParameterException', /clientToken/, { clientToken: 'a'.repeat(65) }],
  ['a token with a space', 'InvalidParameterException', /clientToken/, { clientToken: 'a b' }],
  ['a token that is not ASCII', 'InvalidParameterException', /clientToken/, { clientToken: 'é' }],
  [
    'a launch type together with a strategy',
    'InvalidParameterException',
    /launch type and capacity provider/,
    { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
  ],
  ['an invalid launch type', 'InvalidParameterException', /launchType/, { launchType: 'FARGATE_SPOT' as 'FARGATE' }],
  ['no network', 'InvalidParameterException', /Network Configuration/, { networkConfiguration: undefined }],
  ['no subnets', 'InvalidParameterException', /subnets/, awsvpc({ subnets: [] })],
  ['17 subnets', 'InvalidParameterException', /subnets/, awsvpc({ subnets: many(17) })],
  ['6 security groups', 'InvalidParameterException', /securityGroups/, awsvpc({ securityGroups: many(6) })],
  ['a public IP of "yes"', 'InvalidParameterException', /assignPublicIp/, awsvpc({ assignPublicIp: 'yes' })],
  ['overrides of 8,193', 'InvalidParameterException', /8192/, { overrides: overridesOf(8193) }],
  [
    'an unknown container',
    'InvalidParameterException',
    /^Override for container named app is not a container in the TaskDefinition\.$/,
    { overrides: { containerOverrides: [{ name: 'app', environment: [] }] } },
  ],
  [
    'an override without a name',
    'InvalidParameterException',
    /name/,
    { overrides: { containerOverrides: [{ name: undefined, environment: [{ name: 'A', value: '1' }] }] } },
  ],
  [
    'a command',
    'InvalidParameterException',
    /local\.command/,
    { overrides: { containerOverrides: [{ name: 'worker', command: ['rm'] }] } },
  ],
  ['51 tags', 'InvalidParameterException', /50/, { tags: tags(51) }],
  ['a tag twice', 'InvalidParameterException', /unique/, { tags: [...tags(1), ...tags(1)] }],
  ['a tag reserved by AWS', 'InvalidParameterException', /aws:/, { tags: [{ key: 'aws:x', value: '' }] }],
  ['a long tag value', 'InvalidParameterException', /256/, { tags: [{ key: 'a', value: 'v'.repeat(257) }] }],
  ['a tag with a hash', 'InvalidParameterException', /letters/, { tags: [{ key: 'a', value: '#1' }] }],
]

describe('RunTask rejects', () => {
  test.each(rejected)('%s', async (_, name, message, input) => {
    const { run } = await endpoint([task(sh('exit 0'))])
    const error = await run(input).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name, message: expect.stringMatching(message), $metadata: { httpStatusCode: 400 } })
  })
})

const arn = 'arn:aws:ecs:eu-west-1:123456789012'
const accepted: [string, Partial<RunTaskCommandInput>][] = [
  [
    'ARNs of another account',
    { cluster: `${arn}:cluster/analytics`, taskDefinition: `${arn}:task-definition/analyze:1` },
  ],
  ['family:revision', { taskDefinition: 'analyze:1' }],
  ['startedBy of 128', { startedBy: `taskhook/${'a-_'.repeat(40)}`.slice(0, 128) }],
  ['a token of 64', { clientToken: '!~'.repeat(32) }],
  ['16 subnets and 5 groups', awsvpc({ subnets: many(16), securityGroups: many(5), assignPublicIp: 'ENABLED' })],
  ['overrides of 8,192', { overrides: overridesOf(8192) }],
  ['an empty override', { overrides: { containerOverrides: [{ name: undefined }] } }],
  ['50 tags', { tags: tags(50) }],
  ['neither launch type nor strategy', { launchType: undefined }],
]

describe('RunTask accepts', () => {
  test.each(accepted)('%s', async (_, input) => {
    const { run } = await endpoint([task(sh('exit 0'))])
    const { tasks, failures } = await run(input)
    expect(failures).toEqual([])
    expect(tasks).toHaveLength(1)
  })
})

test('the response has the task as AWS returns it', async () => {
  const { run } = await endpoint([task(sh('exit 0'))])
  const { tasks } = await run({
    launchType: undefined,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    startedBy: 'taskhook/1',
    count: 2,
    tags: [{ key: 'a', value: 'b' }],
    overrides: { cpu: '512', containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value: '1' }] }] },
  })
  expect(tasks).toHaveLength(2)
  expect(tasks?.[0]?.taskArn).not.toBe(tasks?.[1]?.taskArn)
  expect(tasks?.[0]).toMatchObject({
    taskArn: expect.stringMatching(/^arn:aws:ecs:us-east-1:000000000000:task\/analytics\/[0-9a-f]{32}$/),
    clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/analytics',
    taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/analyze:1',
    group: 'family:analyze',
    startedBy: 'taskhook/1',
    launchType: 'FARGATE',
    capacityProviderName: 'FARGATE_SPOT',
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 1,
    cpu: '512',
    createdAt: expect.any(Date),
    containers: [{ name: 'worker', lastStatus: 'PENDING' }],
    overrides: { containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value: '1' }] }] },
    tags: [{ key: 'a', value: 'b' }],
    attachments: [{ details: [{ name: 'subnetId', value: 'subnet-a' }] }],
  })
})

test('the tag taskhook:task selects among tasks with one task definition', async () => {
  const { end, text } = await endpoint([
    task(sh('echo first'), { name: 'first' }),
    task(sh('echo second'), { name: 'second' }),
  ])
  await end({ tags: [{ key: 'taskhook:task', value: 'second' }] })
  await end(request)
  expect(text('stdout')).toEqual(['second', 'first'])
})
