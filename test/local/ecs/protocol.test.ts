import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { ListClustersCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { endpoint, task } from './support.ts'

const target = 'AmazonEC2ContainerServiceV20141113.ListTasks'
const type = 'application/x-amz-json-1.1'

async function post(url: string, headers: Record<string, string>, body = '{"cluster":"analytics"}') {
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method: 'POST', headers }, resolve).on('error', reject).end(body)
  })
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) }
}

test('answers in AWS JSON 1.1', async () => {
  const { ecs } = await endpoint([task()])
  const answer = await post(ecs.url, { 'x-amz-target': target, 'content-type': type })
  expect(answer).toMatchObject({ status: 200, body: { taskArns: [] }, headers: { 'content-type': type } })
  expect(ecs.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('an unsupported action is an UnknownOperationException with the supported ones', async () => {
  const { client } = await endpoint([task()])
  await expect(client.send(new ListClustersCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringMatching(/ListClusters.*RunTask.*DescribeTaskDefinition/),
  })
})

test.each([
  ['no target', { 'content-type': type }, undefined, 'UnknownOperationException'],
  [
    'another service',
    { 'x-amz-target': 'Other.ListTasks', 'content-type': type },
    undefined,
    'UnknownOperationException',
  ],
  ['plain text', { 'x-amz-target': target, 'content-type': 'text/plain' }, undefined, 'SerializationException'],
  ['invalid JSON', { 'x-amz-target': target, 'content-type': type }, '{', 'SerializationException'],
  [
    'a number in place of a string',
    { 'x-amz-target': target, 'content-type': type },
    '{"cluster":1}',
    'SerializationException',
  ],
  ['null in place of an object', { 'x-amz-target': target, 'content-type': type }, 'null', 'SerializationException'],
  [
    'a Host header of a web page (DNS rebinding)',
    { 'x-amz-target': target, 'content-type': type, host: 'evil.example' },
    undefined,
    'AccessDeniedException',
  ],
])('rejects %s', async (_, headers, body, name) => {
  const { ecs } = await endpoint([task()])
  const answer = await post(ecs.url, headers as Record<string, string>, body)
  expect(answer).toMatchObject({ status: 400, body: { __type: name, message: expect.any(String) } })
})
