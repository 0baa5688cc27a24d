/** Real answers of core match the schemas of the document. */
import { describe, expect, it } from 'vitest'
import type { Answer, RunView } from '../../src/core/adapter.ts'
import { TaskhookError, Unprocessable } from '../../src/core/errors.ts'
import { answerReply, runJson } from '../../src/core/http/answer-json.ts'
import { errorReply } from '../../src/core/http/json-reply.ts'
import { runStatuses } from '../../src/core/model/run.ts'
import { openApiDocument } from '../../src/openapi/document.ts'
import { compiled, everything, everythingDocument, judgeOf, withOptions } from './document.ts'

const document = everythingDocument()
const judge = judgeOf(document)

const short: RunView = {
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'queued',
  params: { dataset: 'sales', depth: 3, 'dry-run': false },
  statusUrl: 'https://abc.lambda-url.eu-west-1.on.aws/runs/0123456789abcdef0123?token=t',
  createdAt: '2026-05-01T12:00:00.000Z',
}
const long: RunView = {
  ...short,
  status: 'succeeded',
  exitCode: 0,
  reason: 'done',
  startedAt: '2026-05-01T12:00:01.000Z',
  stoppedAt: '2026-05-01T12:00:02.000Z',
  taskArn: 'arn:aws:ecs:eu-west-1:111122223333:task/c/0',
  rerunOf: '0123456789abcdef0124',
  placed: 'on demand: no Spot capacity in 2 subnets',
  logUrl: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home',
  approval: { from: ['ann'], until: '2026-05-02T12:00:00.000Z' },
  approvedBy: 'ann',
  progress: { percent: 40, message: 'half of it' },
  outputs: { rows: '1200' },
  links: [{ label: 'Report', url: 'https://example.com/r' }],
}

/** A pointer to an answer of `POST /own`, which has several routes. */
const answerSchema = (status: number) => `#/paths/~1own/post/responses/${status}/content/application~1json/schema`
const replyTo = (answer: Answer): [number, unknown] => {
  const { status, body } = answerReply(answer)
  return [status, JSON.parse(body)]
}

describe('the schema of an answer', () => {
  it.each<[string, number, Answer]>([
    ['a new run', 202, { kind: 'accepted', runs: [short], fresh: true }],
    ['two new runs', 202, { kind: 'accepted', runs: [short, long], fresh: true }],
    ['a duplicate', 200, { kind: 'accepted', runs: [long], fresh: false }],
    ['a duplicate with two runs', 200, { kind: 'accepted', runs: [long, short], fresh: false }],
    ['an ignored delivery', 200, { kind: 'ignored', reason: 'no route matched' }],
  ])('accepts %s', (_, status, given) => {
    const [code, body] = replyTo(given)
    expect(code).toBe(status)
    expect(judge(answerSchema(status), body)).toBe(true)
  })

  it('rejects other bodies', () => {
    expect(judge(answerSchema(202), { status: 'ignored', reason: 'x' })).toBe(false)
    expect(judge(answerSchema(202), { ...short, status: 'done' })).toBe(false)
    expect(judge(answerSchema(202), { ...short, runs: [{}] })).toBe(false)
    expect(judge(answerSchema(200), { status: 'ignored' })).toBe(false)
  })

  it('accepts a list of runs', () => {
    const [, body] = replyTo({ kind: 'recent', runs: [short, long] })
    expect(judge('#/paths/~1runs/get/responses/200/content/application~1json/schema', body)).toBe(true)
  })
})

describe('the schema of a run', () => {
  it('has exactly the keys of runBody', () => {
    const named = Object.keys(document.components.schemas?.Run?.properties ?? {})
    expect(named.sort()).toEqual(Object.keys(runJson(long)).sort())
  })

  it.each(runStatuses)('accepts the status %s', (status) => {
    expect(judge('#/components/schemas/Run', JSON.parse(JSON.stringify(runJson({ ...short, status }))))).toBe(true)
  })

  it('is part of a callback, whose type is a known status', () => {
    const withCallbacks = openApiDocument(
      withOptions(compiled(everything), 'shop', { callbackHosts: ['*.example.com'] }),
    )
    const fits = judgeOf(withCallbacks)
    const event = { type: 'run.timed-out', timestamp: '2026-05-01T12:00:02.000Z', data: short }
    expect(fits('#/components/schemas/RunEvent', event)).toBe(true)
    expect(fits('#/components/schemas/RunEvent', { ...event, type: 'run.done' })).toBe(false)
  })
})

describe('an error', () => {
  it.each([
    ['bad-request', 400],
    ['unauthorized', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['method-not-allowed', 405],
    ['gone', 410],
    ['too-large', 413],
    ['address-too-long', 414],
    ['headers-too-large', 431],
    ['too-many', 429],
    ['internal', 500],
    ['unavailable', 503],
  ] as const)('%s is a problem document with status %d, which the document lists', (code, status) => {
    const reply = errorReply(new TaskhookError(code, 'why'))
    expect(reply.status).toBe(status)
    expect(judge('#/components/schemas/Problem', JSON.parse(reply.body))).toBe(true)
    const responses = Object.values(document.paths).flatMap(({ get, post }) => [get?.responses, post?.responses])
    expect(responses.some((known) => known?.[status] !== undefined)).toBe(true)
  })

  it('lists every fault', () => {
    const reply = errorReply(new Unprocessable('wrong', [{ path: 'depth', message: 'is 11; the largest is 10' }]))
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(judge('#/components/schemas/Problem', JSON.parse(reply.body))).toBe(true)
    expect(judge('#/components/schemas/Problem', { ...JSON.parse(reply.body), problems: ['depth'] })).toBe(false)
  })
})
