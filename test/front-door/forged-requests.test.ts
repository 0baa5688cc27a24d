/** SECURITY.md: a signed body cannot be turned into another request by headers that are not signed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'
import { formType, withType } from './three-senders.ts'

let world: World
beforeEach(async () => {
  world = await startWorld({ config: configText, env: secrets, poll: false })
})
afterEach(() => world.close())

const post = (path: string, { headers, body }: Delivery) => world.bridge.receive(urlEvent(path, headers, body))

describe('the content type is not signed, so it does not decide how a body is read', () => {
  it('a title of a GitHub issue that contains a form is a title', async () => {
    const forged = encodeURIComponent('{"ref":"refs/heads/main","repository":{"name":"evil","full_name":"o/evil"}}')
    const body = JSON.stringify({
      action: 'opened',
      issue: { title: `x&payload=${forged}` },
      repository: { full_name: 'o/r' },
    })
    const captured = githubDelivery(secrets.GITHUB, body, 'push')
    expect(bodyOf(await post('/github', withType(captured, formType)))).toMatchObject({ status: 'ignored' })
  })

  it('a text of a Slack event that contains a command is a text', async () => {
    const body = '{"type":"event_callback","event":{"text":"&command=%2Fanalyze&user_id=UBOSS&text=dataset%3Dprod&"}}'
    const answer = await post('/slack', withType(slackDelivery(secrets.SLACK, body), formType))
    expect(answer.body).not.toContain('queued')
  })

  it('a value of an HMAC sender that contains a field is a value', async () => {
    const body = '{"dataset":"safe","note":"x&dataset=prod&y="}'
    const answer = await post('/partner', withType(standardDelivery(secrets.PARTNER, body), formType))
    expect(bodyOf(answer)).toMatchObject({ params: { dataset: 'safe', note: 'x&dataset=prod&y=' } })
  })
})

it('the event name is not signed, so a body is ignored under the name of another event', async () => {
  const star = JSON.stringify({
    action: 'created',
    starred_at: '2026-01-01',
    repository: { name: 'main', full_name: 'o/main' },
  })
  const { headers, body } = githubDelivery(secrets.GITHUB, star, 'star')
  const again = await post('/github', { headers: { ...headers, 'x-github-event': 'push' }, body })
  expect(bodyOf(again)).toEqual({ status: 'ignored', reason: 'the body is not that of a push event' })
})

it('of hundreds of unknown parameters, not all are listed in the answer', async () => {
  const body = Array.from({ length: 900 }, (_, at) => `p${at}=1`).join('&')
  const answer = await post('/partner', withType(standardDelivery(secrets.PARTNER, body), formType))
  expect(answer.statusCode).toBe(422)
  expect(answer.body.length).toBeLessThan(10_000)
})
