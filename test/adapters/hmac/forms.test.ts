/** Hooks that come as forms, and GitLab's two ways to sign. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { type Headers, mac, signGitHub, signStandard } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'

const secret = 'a secret of the sender'
const signingToken = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`
const seconds = 1_772_359_200
const config = `
sources:
  gitea: { adapter: hmac, scheme: gitea, secret: "env:TEXT" }
  github: { adapter: hmac, scheme: github, secret: "env:TEXT" }
  data:
    adapter: hmac
    secret: "env:TEXT"
    scheme: { header: x-sig, algorithm: sha256, encoding: hex, key: body, formField: data }
  gitlab: { adapter: hmac, scheme: gitlab, secret: ["env:TOKEN", "env:TEXT"] }
tasks:
  job: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { ref: { type: string } }, local: { command: ["true"] } }
routes:
${['gitea', 'github', 'data', 'gitlab'].map((name) => `  - { on: ${name}, run: job, with: { ref: "\${body.ref}" } }`).join('\n')}
`
let world: World
beforeAll(async () => {
  const env = { TEXT: secret, TOKEN: signingToken }
  world = await startWorld({ config, env, poll: false, now: () => seconds * 1000 })
})
afterAll(() => world.close())

const json = '{"ref":"refs/heads/main"}'
const formOf = (field: string, text = json) => `${field}=${encodeURIComponent(text)}`
const post = (source: string, body: string, headers: Headers) =>
  world.bridge.receive(
    urlEvent(`/${source}`, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body),
  )
const sign = (text: string) => mac({ key: secret }, text)

it.each<[string, string, Headers]>([
  ['gitea', formOf('payload'), { 'x-gitea-signature': sign(json) }],
  ['github', formOf('payload'), signGitHub(formOf('payload'), secret)],
  ['data', formOf('data'), { 'x-sig': sign(json) }],
])('%s reads the JSON of its form', async (source, body, headers) => {
  const answer = await post(source, body, headers)
  expect(answer.statusCode).toBe(202)
  expect(bodyOf(answer).params).toEqual({ ref: 'refs/heads/main' })
})

it.each<[string, string, string]>([
  ['gitea', `${formOf('payload')}&ref=other`, 'x-gitea-signature'],
  ['gitea', `ref=other&${formOf('payload')}`, 'x-gitea-signature'],
  ['gitea', `${formOf('payload')}&${formOf('payload', '{"ref":"other"}')}`, 'x-gitea-signature'],
  ['data', `${formOf('data')}&ref=other`, 'x-sig'],
])('%s rejects a form with a field that is not signed: %s', async (source, body, header) => {
  expect((await post(source, body, { [header]: sign(json) })).statusCode).toBe(401)
})

it('a signed id of GitLab wins over its Idempotency-Key, which is not signed', async () => {
  const body = '{"object_kind":"push","ref":"refs/heads/main"}'
  const send = (key: string) =>
    post('gitlab', body, {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...signStandard(body, signingToken, 'msg_1', seconds),
    })
  const [first, again] = [await send('one'), await send('two')]
  expect([first.statusCode, again.statusCode]).toEqual([202, 200])
  expect(bodyOf(again).run).toBe(bodyOf(first).run)
})

it('a push that deletes a ref starts nothing, with a token and with a signing token', async () => {
  const body = JSON.stringify({ object_kind: 'push', after: '0'.repeat(40), ref: 'refs/heads/old' })
  for (const signed of [{ 'x-gitlab-token': secret }, signStandard(body, signingToken, 'msg_2', seconds)]) {
    const answer = await post('gitlab', body, { 'content-type': 'application/json', ...signed })
    expect([answer.statusCode, bodyOf(answer).status]).toEqual([200, 'ignored'])
  }
})
