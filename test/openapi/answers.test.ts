/** Real answers, as core words them, fit what the document says of them. */
import { describe, expect, it } from 'vitest'
import type { Answer, RunView } from '../../src/core/adapter.ts'
import { TaskhookError, Unprocessable } from '../../src/core/errors.ts'
import { answerReply, errorReply, runBody } from '../../src/core/http/lambda-url.ts'
import { runStatuses } from '../../src/core/model/run.ts'
import { openApiOf } from '../../src/openapi/index.ts'
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

/** Of `POST /own`, which has several routes. */
const answer = (status: number) => `#/paths/~1own/post/responses/${status}/content/application~1json/schema`
const of = (told: Answer): [number, unknown] => {
  const { status, body } = answerReply(told)
  return [status, JSON.parse(body)]
}

describe('an answer', () => {
  it.each<[string, number, Answer]>([
    ['a new run', 202, { kind: 'accepted', runs: [short], fresh: true }],
    ['two of them', 202, { kind: 'accepted', runs: [short, long], fresh: true }],
    ['the same again', 200, { kind: 'accepted', runs: [long], fresh: false }],
    ['two of the same again', 200, { kind: 'accepted', runs: [long, short], fresh: false }],
    ['ignored', 200, { kind: 'ignored', reason: 'no route matched' }],
  ])('%s', (_, status, told) => {
    const [code, body] = of(told)
    expect(code).toBe(status)
    expect(judge(answer(status), body)).toBe(true)
  })

  it('and not just anything', () => {
    expect(judge(answer(202), { status: 'ignored', reason: 'x' })).toBe(false)
    expect(judge(answer(202), { ...short, status: 'done' })).toBe(false)
    expect(judge(answer(202), { ...short, runs: [{}] })).toBe(false)
    expect(judge(answer(200), { status: 'ignored' })).toBe(false)
  })

  it('of a list', () => {
    const [, body] = of({ kind: 'recent', runs: [short, long] })
    expect(judge('#/paths/~1runs/get/responses/200/content/application~1json/schema', body)).toBe(true)
  })
})

describe('a run', () => {
  it('has the keys that the document names, and no others', () => {
    const named = Object.keys(document.components.schemas?.Run?.properties ?? {})
    expect(named.sort()).toEqual(Object.keys(runBody(long)).sort())
  })

  it.each(runStatuses)('may be %s', (status) => {
    expect(judge('#/components/schemas/Run', JSON.parse(JSON.stringify(runBody({ ...short, status }))))).toBe(true)
  })

  it('moves on, and a callback says so', () => {
    const told = openApiOf(withOptions(compiled(everything), 'shop', { callbackHosts: ['*.example.com'] }))
    const fits = judgeOf(told)
    const event = { type: 'run.timed-out', timestamp: '2026-05-01T12:00:02.000Z', data: short }
    expect(fits('#/components/schemas/RunEvent', event)).toBe(true)
    expect(fits('#/components/schemas/RunEvent', { ...event, type: 'run.done' })).toBe(false)
  })
})

describe('a refusal', () => {
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
  ] as const)('%s is a problem, under %d', (code, status) => {
    const reply = errorReply(new TaskhookError(code, 'why'))
    expect(reply.status).toBe(status)
    expect(judge('#/components/schemas/Problem', JSON.parse(reply.body))).toBe(true)
    const responses = Object.values(document.paths).flatMap(({ get, post }) => [get?.responses, post?.responses])
    expect(responses.some((known) => known?.[status] !== undefined)).toBe(true)
  })

  it('tells each thing that is wrong', () => {
    const reply = errorReply(new Unprocessable('wrong', [{ path: 'depth', message: 'is 11; the largest is 10' }]))
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(judge('#/components/schemas/Problem', JSON.parse(reply.body))).toBe(true)
    expect(judge('#/components/schemas/Problem', { ...JSON.parse(reply.body), problems: ['depth'] })).toBe(false)
  })
})
