/** Several deliveries in one request, over HTTP: each is accepted or refused by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { mac } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'
import { sourceOf } from './recorded-senders.ts'
import type { Recording } from './recording/recorder.ts'
import recorded from './vendor-batches.json' with { type: 'json' }

const batches = recorded as unknown as readonly Recording[]
const secret = 'a secret of the sender'
const start = 1_772_359_200

/** The parameter of each sender, and where its elements have it. */
const params = {
  gocardless: 'body.links.payment',
  hubspot: 'body.objectId',
  'kontent-ai': 'body.data.system.id',
} as const

let ms = start * 1000
let world: World
beforeAll(async () => {
  const sources = batches.map((sender) => {
    const { scheme, source = {} } = sender
    return `  ${sourceOf(sender)}: ${JSON.stringify({ adapter: 'hmac', scheme, secret: 'env:TEXT', ...source })}`
  })
  const task = (type: string) =>
    `{ cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ["true"] }, params: { value: { type: ${type}, required: true } } }`
  world = await startWorld({
    config: `
sources:
${sources.join('\n')}
  limited: { adapter: hmac, scheme: gocardless, secret: "env:TEXT", limits: { deliveries: { rate: 2/h, burst: 2 } } }
tasks:
  text: ${task('string')}
  number: ${task('integer')}
routes:
${Object.entries(params)
  .map(([source, path]) => {
    const event = { gocardless: 'paid_out', hubspot: 'contact.propertyChange', 'kontent-ai': 'published' }[source]
    const run = source === 'hubspot' ? 'number' : 'text'
    return `  - ${JSON.stringify({ on: source, event, run, with: { value: `\${${path}}` } })}`
  })
  .join('\n')}
  - { on: limited, run: text, with: { value: "\${body.id}" } }
`,
    env: { TEXT: secret },
    poll: false,
    now: () => ms,
  })
})
afterAll(() => world.close())

interface Result {
  readonly code: number
  readonly run?: string
  readonly params?: unknown
  readonly status?: string | number
  readonly detail?: string
  readonly problems?: readonly { path: string; message: string }[]
}
const resultsOf = (answer: Awaited<ReturnType<typeof post>>): readonly Result[] =>
  bodyOf(answer).results as readonly Result[]
const codesOf = (answer: Awaited<ReturnType<typeof post>>): readonly number[] =>
  resultsOf(answer).map(({ code }) => code)
const runsOf = (answer: Awaited<ReturnType<typeof post>>) => resultsOf(answer).map(({ run }) => run)

function post(source: string, body: string, headers: Readonly<Record<string, string>>) {
  return world.bridge.receive(urlEvent(`/${source}`, { 'content-type': 'application/json', ...headers }, body))
}

describe.each(batches)('three events of $name ($by), the second with a value of the wrong type', (sender) => {
  const send = (delivery: Recording['deliveries']['first']) => {
    ms = delivery.seconds * 1000
    return post(sourceOf(sender), delivery.body, delivery.headers)
  }

  it('start two runs, and the refusal says what is wrong', async () => {
    const answer = await send(sender.deliveries.first)
    expect([answer.statusCode, codesOf(answer)]).toEqual([202, [202, 422, 202]])
    const [first, second, third] = resultsOf(answer)
    expect(second?.problems).toEqual([{ path: 'value', message: expect.stringMatching(/^is not /) }])
    expect(second).not.toHaveProperty('run')
    expect(new Set([first?.run, third?.run]).size).toBe(2)
    expect(world.deliveryLines().at(-1)).toMatchObject({
      outcome: 'accepted',
      runs: [first?.run, third?.run],
      reason: expect.stringMatching(/^a batch of 3, of which 1 refused, the first because: /),
    })
  })

  it('start nothing when they are sent again', async () => {
    const first = await send(sender.deliveries.first)
    const again = await send(sender.deliveries.retry)
    expect([again.statusCode, codesOf(again)]).toEqual([200, [200, 422, 200]])
    expect(runsOf(again)).toEqual(runsOf(first))
  })

  it('are not confused with three others', async () => {
    const first = await send(sender.deliveries.first)
    const other = await send(sender.deliveries.other)
    expect([other.statusCode, codesOf(other)]).toEqual([202, [202, 422, 202]])
    expect(runsOf(other).filter((run) => run !== undefined && runsOf(first).includes(run))).toEqual([])
  })
})

describe('a batch', () => {
  const sendTo = (source: string, content: unknown) => {
    const body = typeof content === 'string' ? content : JSON.stringify(content)
    return post(source, body, { 'webhook-signature': mac({ key: secret }, body) })
  }
  const send = (content: unknown) => sendTo('gocardless', content)
  let count = 0
  const element = (payment: unknown = 'PM1', id = `EV-${++count}`) => ({ id, action: 'paid_out', links: { payment } })

  it('of which every element is refused gets a 422', async () => {
    const answer = await send({ events: [element([]), element({})] })
    expect([answer.statusCode, codesOf(answer)]).toEqual([422, [422, 422]])
  })

  it('without elements gets a 200', async () => {
    const answer = await send({ events: [] })
    expect([answer.statusCode, resultsOf(answer)]).toEqual([200, []])
  })

  it.each([[1], ['text'], [null], [[]]])('with the element %j refuses it, since it is no object', async (odd) => {
    const answer = await send({ events: [odd, element()] })
    expect([answer.statusCode, codesOf(answer)]).toEqual([202, [400, 202]])
    expect(resultsOf(answer)[0]?.detail).toContain('an element of a batch must be an object')
  })

  it.each([
    ['{"meta":{}}', '"events" in the body must be a list'],
    ['{"events":{}}', '"events" in the body must be a list'],
    ['{"events":null}', '"events" in the body must be a list'],
    ['[]', '"events" in the body must be a list'],
    ['null', '"events" in the body must be a list'],
    ['{"events":[', 'JSON'],
  ])('%s gets a 400', async (body, detail) => {
    const answer = await send(body)
    expect(answer.statusCode).toBe(400)
    expect(bodyOf(answer).detail).toContain(detail)
  })

  it('may have 500 elements, and not 501', async () => {
    const events = Array.from({ length: 501 }, (_, at) => ({ id: `EV${at}`, action: 'created' }))
    const most = await send({ events: events.slice(1) })
    expect([most.statusCode, new Set(codesOf(most)), codesOf(most).length]).toEqual([200, new Set([200]), 500])
    const more = await send({ events })
    expect(more.statusCode).toBe(400)
    expect(bodyOf(more).detail).toContain('has 501 elements; at most 500 are accepted')
  })

  it('with an event that no route takes ignores it, and takes the others', async () => {
    const answer = await send({ events: [{ ...element(), action: 'created' }, element()] })
    expect([answer.statusCode, codesOf(answer)]).toEqual([202, [200, 202]])
    expect(resultsOf(answer)[0]?.status).toBe('ignored')
  })

  it('with the same element twice starts one run', async () => {
    const twice = element()
    const answer = await send({ events: [twice, twice] })
    expect([...codesOf(answer)].sort()).toEqual([200, 202])
    expect(new Set(runsOf(answer)).size).toBe(1)
  })

  it('recognizes an element that was in another batch', async () => {
    const [one, two, three] = [element(), element(), element()]
    const first = await send({ events: [one, two] })
    const second = await send({ events: [three, two] })
    expect([second.statusCode, codesOf(second)]).toEqual([202, [202, 200]])
    expect(runsOf(second)[1]).toBe(runsOf(first)[1])
  })

  it('answers in the order of its elements', async () => {
    const answer = await send({ events: Array.from({ length: 45 }, (_, at) => element(`PM${at}`)) })
    expect(resultsOf(answer).map((result) => result.params)).toEqual(
      Array.from({ length: 45 }, (_, at) => ({ value: `PM${at}` })),
    )
  })

  it('that exceeds the limit gets a 429, and sent again it starts only the rest', async () => {
    ms = start * 1000
    const events = [element(), element(), element()]
    const first = await sendTo('limited', { events })
    expect(first.statusCode).toBe(429)
    expect([...codesOf(first)].sort()).toEqual([202, 202, 429])
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0)
    ms += 3_600_000
    const again = await sendTo('limited', { events })
    expect([again.statusCode, [...codesOf(again)].sort()]).toEqual([202, [200, 200, 202]])
  })
})
