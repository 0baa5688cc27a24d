/** Deliveries that are refused before a run is accepted, and deliveries that come again. */
import { expect } from 'vitest'
import type { FunctionUrlEvent } from '../../src/core/http/lambda-url.ts'
import type { Delivery } from '../support/deliveries.ts'
import { urlEvent } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import type { Stage } from '../support/stage.ts'
import { partnerDelivery, pushTo } from '../support/stage-deliveries.ts'
import type { Chapter, Fault } from './fault.ts'
import { playRun, type Script } from './play-run.ts'

interface Refused extends Pick<Fault, 'name' | 'operator'> {
  readonly says: string
  readonly retried?: string
  readonly event: (on: Stage) => FunctionUrlEvent | Promise<FunctionUrlEvent>
}

/** A delivery that stores nothing and starts nothing. */
const refused = ({ name, operator, says, retried = 'no', event }: Refused): Fault => ({
  ...{ name, operator, retried, sender: [says], end: 'nothing runs', starts: 0, tokens: 0, tasks: 0 },
  async play(on) {
    const made = await event(on)
    const [lines, writes, starts] = [
      on.logs.length,
      on.dynamo.callsOf('PutItem').length,
      on.ecs.callsOf('RunTask').length,
    ]
    const answer = await on.bridge.receive(made)
    expect(on.dynamo.callsOf('PutItem')).toHaveLength(writes)
    return {
      sender: [saidBy(answer)],
      operator: on.logs.slice(lines).join('\n'),
      ...{ starts: on.ecs.callsOf('RunTask').length - starts, tokens: 0, tasks: 0 },
      end: 'nothing runs',
    }
  },
})

const saidBy = ({ statusCode, body }: { readonly statusCode: number; readonly body: string }): string => {
  const {
    detail,
    reason,
    status,
    problems = [],
  } = JSON.parse(body) as {
    detail?: string
    reason?: string
    status?: unknown
    problems?: readonly { path: string; message: string }[]
  }
  const more = problems.map(({ path, message }) => `${path} ${message}`).join('; ')
  return [`${statusCode}`, [detail ?? reason ?? String(status), more].filter(Boolean).join(': ')].join(' ')
}

const posted = (path: string, { headers, body }: Delivery): FunctionUrlEvent => urlEvent(path, headers, body)
const push = () => pushTo('plain').delivery
const without = ({ headers, body }: Delivery, name: string): Delivery => ({
  headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)),
  body,
})

export const beforeAccepted: Chapter = {
  title: 'Before a run is accepted',
  about: 'Nothing is stored and nothing runs. Every 401 has the same text; the log has the reason.',
  faults: [
    refused({
      ...{ name: 'No signature', says: '401 invalid signature', operator: '"reason":"no X-Hub-Signature-256 header' },
      event: () => posted('/github', without(push(), 'x-hub-signature-256')),
    }),
    refused({
      ...{ name: 'A wrong signature', says: '401 invalid signature', operator: '"outcome":"unauthorized"' },
      event: () => posted('/github', { ...push(), body: '{}' }),
    }),
    refused({
      ...{ name: 'A delivery that was signed an hour ago', says: '401 invalid signature', operator: 's off' },
      event: (on) => posted('/partner', partnerDelivery(on.now() - 3_600_000, { depth: 1 })),
    }),
    refused({
      ...{ name: 'A sender whose clock is an hour ahead', says: '401 invalid signature', operator: 's off' },
      event: (on) => posted('/partner', partnerDelivery(on.now() + 3_600_000, { depth: 1 })),
    }),
    refused({
      ...{ name: 'An address that belongs to no source', says: '404 there is nothing at this address' },
      ...{ operator: '"status":404', event: () => posted('/githup', push()) },
    }),
    refused({
      name: 'A body larger than Lambda accepts',
      ...{ says: '413 the body is larger than the limit of 6291456 bytes', operator: '"status":413' },
      event: () => posted('/github', { ...push(), body: `"${'x'.repeat(6_291_456)}"` }),
    }),
    refused({
      ...{ name: 'A body that is not base64', says: '400 the body is not base64', operator: '"status":400' },
      event: () => ({ ...posted('/github', push()), isBase64Encoded: true, body: '%%%' }),
    }),
    refused({
      ...{ name: 'A parameter out of range', operator: '"outcome":"refused"' },
      says: '422 asked: a parameter is wrong: depth is 11; the largest is 10',
      event: (on) => posted('/partner', partnerDelivery(on.now(), { depth: 11 })),
    }),
    refused({
      ...{ name: 'More than the source’s limit', operator: '"status":429' },
      says: '429 The limit here is 1 run an hour; try again in 1 h',
      retried: 'by the sender, at the time that `Retry-After` says',
      event: async (on) => {
        await on.post('/limited', partnerDelivery(on.now()))
        return posted('/limited', partnerDelivery(on.now()))
      },
    }),
  ],
}

/** A delivery that is sent again, and its answer then. */
const again = (
  fault: Pick<Fault, 'name' | 'sender' | 'end'> & Partial<Fault>,
  course: (post: (on: Stage) => Promise<string>, said: string[]) => Script,
): Fault => ({
  ...{ operator: '"outcome":"duplicate"', retried: 'no: it is the same run' },
  ...fault,
  play(on) {
    const pushed = pushTo(fault.end === 'failed-to-start' ? 'ghost' : 'plain')
    const said: string[] = []
    return playRun(on, { pushed, said, ...course(async () => saidBy(await on.post('/github', pushed.delivery)), said) })
  },
})
const fine = ['starting', 'running', 'succeeded in …']
const failed = '500 taskhook failed; its log says why'

export const redeliveries: Chapter = {
  title: 'The same delivery again',
  about: 'It is the same run, from any sender and at any time within 30 days, which is longer than senders redeliver.',
  faults: [
    again(
      { name: 'Five times at once', sender: [...Array(5).fill('200 queued'), ...fine], end: 'succeeded' },
      (post, said) => ({
        accepted: async (on) => void said.push(...(await Promise.all(Array.from({ length: 5 }, () => post(on))))),
      }),
    ),
    again({ name: 'While it runs', sender: ['200 running', ...fine], end: 'succeeded' }, (post, said) => ({
      running: async (on) => void said.push(await post(on)),
    })),
    again({ name: 'After it has succeeded', sender: ['200 succeeded', ...fine], end: 'succeeded' }, (post, said) => ({
      ended: async (on) => void said.push(await post(on)),
    })),
    again(
      {
        name: 'After it could not be started',
        ...{ end: 'failed-to-start', tasks: 0 },
        sender: [
          '200 the task definition cannot be used (TaskDefinition not found)',
          'could not be started: the task definition cannot be used (TaskDefinition not found)',
        ],
      },
      (post, said) => ({ ended: async (on) => void said.push(await post(on)) }),
    ),
    again(
      {
        ...{ name: 'After the table could not be written', end: 'succeeded', operator: 'a delivery failed' },
        ...{ sender: [failed, ...fine], retried: 'by the sender: nothing was stored, and the answer was an error' },
      },
      (post, said) => ({
        before: async (on) => {
          on.dynamo.intercept(({ action }) => (action === 'PutItem' ? accessDenied : undefined))
          said.push(await post(on))
          on.dynamo.intercept()
        },
      }),
    ),
    again(
      {
        ...{ name: 'After the run could not be queued', end: 'succeeded', operator: 'a delivery failed' },
        sender: [failed, ...fine],
        retried: 'by the sender, or by the sweep two minutes later: the run is stored',
      },
      (post, said) => ({
        before: async (on) => {
          on.sqs.intercept(() => accessDenied)
          said.push(await post(on))
          on.sqs.intercept()
        },
      }),
    ),
  ],
}
