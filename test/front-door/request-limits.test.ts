/** SECURITY.md: requests that are too large, too deep or too costly are refused with a reason, within a second of processor time. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { maxBodyBytes } from '../../src/core/http/lambda-url.ts'
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { signBody } from '../support/sign.ts'
import { startWorld, type World } from '../support/world.ts'

const full = maxBodyBytes - 1000
/** Takes n² steps for a text of n characters. It passes `check`, since parameters are short. */
const slow = `  - { on: custom, run: analyze, with: { dataset: "\${event.s.matches('a*b') ? 'y' : 'n'}" } }\n`
const command = (text: string, user = 'U1') =>
  slackDelivery(secrets.SLACK, `command=%2Fanalyze&user_id=${user}&channel_id=C1&text=${text}`)
let world: World
beforeAll(async () => {
  world = await startWorld({
    config: configText.replace('  - { on: custom, run: analyze }\n', slow),
    env: secrets,
    poll: false,
  })
  // The first command loads Bolt, which is not part of reading a body.
  const { headers, body } = command('unknown=1')
  await world.bridge.receive(urlEvent('/slack', headers, body))
})
afterAll(() => world.close())
/** No case starts anything. */
afterEach(async () => {
  const { ScanCommand } = await import('@aws-sdk/client-dynamodb')
  const { Count } = await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))
  expect(Count).toBe(0)
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const partner = (body: string, more: Record<string, string> = {}): Delivery => {
  const { headers } = standardDelivery(secrets.PARTNER, body)
  return { headers: { ...headers, ...more }, body }
}

/** Expects the answer within a second of processor time, and with short log lines. */
async function answerInTime(path: string, { headers, body }: Delivery, change: object = {}) {
  const event = { ...urlEvent(path, headers, body), ...change }
  const began = process.cpuUsage()
  const answer = await world.bridge.receive(event)
  const { user } = process.cpuUsage(began)
  expect(user / 1000).toBeLessThan(1000)
  expect(answer.body.length).toBeLessThan(20_000)
  for (const line of world.logs) expect(line.length).toBeLessThan(20_000)
  return answer
}
const expectRefused = async (status: number, detail: RegExp, delivery: Delivery, change?: object) => {
  const answer = await answerInTime('/partner', delivery, change)
  expect(bodyOf(answer)).toMatchObject({ status, detail: expect.stringMatching(detail) as unknown })
  expect(answer.statusCode).toBe(status)
}
const keys = (until: number, write: (at: number) => string): string => {
  const parts: string[] = []
  for (let length = 0, at = 0; length < until; at++) {
    const part = write(at)
    parts.push(part)
    length += part.length + 1
  }
  return parts.join()
}

describe('the head of a request', () => {
  it('with 201 headers is 431', () =>
    expectRefused(
      431,
      /^the headers are too large/,
      partner('{}', Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`x-${at}`, '1']))),
    ))
  it('with a header of 64 kB is 431', () =>
    expectRefused(431, /65536 characters/, partner('{}', { cookie: 'x'.repeat(65_536) })))
  it('with a hundred ordinary headers is read', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x-${at}`, 'y'.repeat(100)]))
    expect((await answerInTime('/partner', partner('{}', many))).statusCode).toBe(422)
  })
  it('with a path of 2049 characters is 414', async () => {
    expect((await answerInTime(`/${'x'.repeat(2048)}`, partner('{}'))).statusCode).toBe(414)
  })
  it('with a query of 8193 characters is 414', () =>
    expectRefused(414, /^the address is too long/, partner('{}'), { rawQueryString: 'a=b&'.repeat(2049) }))
})

describe('a body', () => {
  it('of 100 levels is read, and one of 101 is 400', async () => {
    const deep = (levels: number) => partner(`{"dataset":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`)
    expect((await answerInTime('/partner', deep(100))).statusCode).toBe(422)
    await expectRefused(400, /^the body is nested deeper than the limit of 100 levels/, deep(101))
  })
  it.each([100_000, full / 2 - 10])('of %i levels is 400', (levels) =>
    expectRefused(400, /nested deeper/, partner(`{"dataset":${'['.repeat(levels)}${']'.repeat(levels)}}`)),
  )
  it('with brackets and commas inside a text is read', async () => {
    const text = `"\\"${'[{,'.repeat(60_000)}\\\\"`
    expect(bodyOf(await answerInTime('/partner', partner(`{"dataset":${text}}`)))).toMatchObject({ status: 422 })
  })
  it('of 6 MB of numbers is 413', () =>
    expectRefused(413, /more than the limit of 150000 values/, partner(`[${'1,'.repeat(full / 2 - 10)}1]`)))
  it('of 6 MB of keys is 413', () =>
    expectRefused(413, /150000 values/, partner(`{${keys(full, (at) => `"k${at}":1`)}}`)))
  it('with 100000 keys that are not parameters is 422', () =>
    expectRefused(422, /parameters are wrong/, partner(`{${keys(1_000_000, (at) => `"k${at}":1`)}}`)))
  it('with a key of 6 MB is 422, with a short answer', () =>
    expectRefused(422, /wrong/, partner(`{"${'n'.repeat(full - 10)}":1}`)))
  it('with a text of 6 MB is 422', () =>
    expectRefused(422, /wrong/, partner(JSON.stringify({ dataset: 'a'.repeat(full - 20) }))))
  it('as a form with 1001 fields is 413', () =>
    expectRefused(413, /1000 fields/, partner(`a=1${'&a=1'.repeat(1000)}`, form)))
  it('as a form of 6 MB of "&" is 413', () => expectRefused(413, /1000 fields/, partner('&'.repeat(full), form)))
  it('that the routes cannot evaluate in time is 422', async () => {
    const body = JSON.stringify({ s: 'a'.repeat(1e6) })
    const headers = {
      'content-type': 'application/json',
      ...signBody(body, 'x-signature', '', { key: secrets.CUSTOM }),
    }
    const answer = await answerInTime('/custom', { headers, body })
    expect(answer.statusCode).toBe(422)
    expect(bodyOf(answer).detail).toMatch(/^matching the routes took longer than 500 ms/)
  })
})

describe('a payload of GitHub', () => {
  const push = (more: object) =>
    githubDelivery(
      secrets.GITHUB,
      JSON.stringify({ ref: 'refs/heads/main', repository: { name: 'NOT VALID', full_name: 'o/x' }, ...more }),
      'push',
    )
  it.each([
    ['a branch', { ref: `refs/heads/${'a'.repeat(5e6)}` }, 200],
    ['a repository', { repository: { name: '-', full_name: `o/${'x'.repeat(5e6)}` }, ref: 'refs/heads/other' }, 200],
    ['a person', { sender: { login: 'x'.repeat(5e6) } }, 422],
    ['a name', { repository: { name: 'x'.repeat(5e6), full_name: 'o/x' } }, 422],
  ])('with %s whose name has 5 MB starts nothing', async (_, more, status) => {
    expect((await answerInTime('/github', push(more))).statusCode).toBe(status)
  })
  it('with a comment of 5 MB of empty lines starts nothing', async () => {
    const body = JSON.stringify({
      action: 'created',
      issue: { number: 1 },
      comment: { id: 1, body: '\n'.repeat(2.5e6) },
    })
    expect((await answerInTime('/github', githubDelivery(secrets.GITHUB, body, 'issue_comment'))).statusCode).toBe(200)
  })
})

describe('a Slack command', () => {
  it.each([
    ['words', 'x+'.repeat(2e6)],
    ['arguments', 'a%3D1+'.repeat(6e5)],
    ['angle brackets', '<@a|'.repeat(1e6)],
    ['spaces', `x${'+'.repeat(4e6)}x`],
  ])('with 4 MB of %s is answered in words', async (_, text) => {
    const answer = await answerInTime('/slack', command(text))
    expect(answer.statusCode).toBe(200)
    expect(String(bodyOf(answer).text)).toContain('Nothing was started')
  })
  it('with a user id of 256 characters is refused, with the reason', async () => {
    expect((await answerInTime('/slack', command('dataset%3Dx', 'U'.repeat(256)))).body).toContain(
      'user_id is not an id',
    )
  })
})
