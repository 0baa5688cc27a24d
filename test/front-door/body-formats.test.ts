/** README: any signed webhook is read, as JSON or as a form; a strange body is refused with a 4xx and never breaks a function. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, githubDelivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { randomSha, stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, githubEvent, runQueued, runsOpened, sendersOf, slackForm, withType } from './three-senders.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: secrets })
})
afterEach(() => stage.close())

const statusOf = async (path: string, delivery: Delivery) => (await stage.post(path, delivery)).statusCode

it.each(['/github', '/slack', '/partner'])('%s answers 401 to a request without a signature', async (path) => {
  expect(await statusOf(path, { headers: { 'content-type': 'application/json' }, body: '{}' })).toBe(401)
  expect(await statusOf(path, { headers: {}, body: '' })).toBe(401)
  expect(runsOpened(stage)).toBe(0)
})

it.each([
  '{}',
  '[]',
  'null',
  '1',
  '"text"',
  'true',
  '[null]',
  '{"":{}}',
  '{"repository":null,"sender":[]}',
  '{"repository":{"full_name":7},"after":{},"ref":null,"commits":{"0":1}}',
])('the signed body %s is never answered with 500, and logs no error', async (body) => {
  const { partner, slack } = sendersOf(stage)
  const events = ['push', 'pull_request', 'status', 'check_run', 'issue_comment', 'release', 'create', 'deployment']
  for (const event of events)
    expect(await statusOf('/github', githubDelivery(secrets.GITHUB, body, event)), event).toBeLessThan(500)
  expect(await statusOf('/partner', partner(body))).toBeLessThan(500)
  expect(await statusOf('/slack', withType(slack(body), 'application/json'))).toBe(200)
  expect(await statusOf('/slack', slack(new URLSearchParams({ payload: body }).toString()))).toBe(200)
  expect(stage.logs.join('')).not.toContain('"level":"error"')
})

it('answers a ping of GitHub with the id of the hook', async () => {
  const answer = await stage.post('/github', githubEvent('ping', { zen: 'Design for failure.', hook_id: 12 }))
  expect(answer.statusCode).toBe(200)
  expect(bodyOf(answer)).toEqual({ status: 'pong', hook: 12 })
})

describe('a form is read as a form', () => {
  it.each([
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded ; boundary=x; charset="utf-8"',
  ])('with the content type %s', async (type) => {
    const { partner, slack } = sendersOf(stage)
    const payload = JSON.stringify({ ref: 'refs/heads/main', note: 'form', at: type })
    const github = githubDelivery(secrets.GITHUB, new URLSearchParams({ payload }).toString(), 'push')
    expect(await statusOf('/partner', withType(partner('note=form'), type))).toBe(202)
    expect(await statusOf('/github', withType(github, type))).toBe(202)
    expect(await statusOf('/slack', withType(slack(slackForm('note=form')), type))).toBe(200)
    const messages = await stage.takeMessages()
    expect(messages).toHaveLength(3)
    for (const message of messages) {
      const { run } = JSON.parse(message) as { run: string }
      expect((await stage.runRecord(run)).plan.params).toEqual({ note: 'form' })
    }
    expect(runsOpened(stage)).toBe(3)
  })
})

it('a push of 5 MB is accepted, and only the id of its run goes through the queue', async () => {
  const commits = Array.from({ length: 2000 }, (_, at) => ({
    id: String(at),
    message: 'x'.repeat(2600),
    added: [`data/${at}`],
  }))
  const repository = { name: 'web', full_name: 'demo/web' }
  const push = { ref: 'refs/heads/main', after: randomSha(), note: 'large', commits, repository }
  const body = JSON.stringify({ ...push, sender: { login: 'ann' } })
  expect(body.length).toBeGreaterThan(5 * 1024 * 1024)
  const answer = await stage.post('/github', githubDelivery(secrets.GITHUB, body, 'push'))
  expect(answer.statusCode).toBe(202)
  const { run } = bodyOf(answer)
  const [message] = stage.sqs.callsOf('SendMessage')
  expect(message?.input.MessageBody).toBe(JSON.stringify({ verb: 'start', run }))
  // DynamoDB takes 400 KB, ECS 8,192 characters.
  const [put] = stage.dynamo.callsOf('PutItem')
  expect(JSON.stringify(put?.input).length).toBeLessThan(4000)
  expect(await runQueued(stage)).toEqual([run])
  expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded' })
})
