import { readFileSync } from 'node:fs'
import { slack } from '../../src/adapters/slack/index.ts'
import { signSlack } from '../support/sign.ts'
import { describeAdapter, type Recording } from './suite.ts'

const read = (name: string) => readFileSync(new URL(`../fixtures/slack/${name}.txt`, import.meta.url), 'utf8')
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const command = read('command')
const jsonOf = (name: string, body: unknown): Recording => ({ name, body: JSON.stringify(body), headers: json })

describeAdapter('slack', {
  adapter: slack({ name: 'slack', adapter: 'slack', secret: ['env:S'], tokens: {}, options: {} }),
  secrets: {
    current: '8f742231b10e8888abcd99yyyzzz85a5',
    previous: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    wrong: 'ffffffffffffffffffffffffffffffff',
  },
  sign: ({ body }, secret, seconds) => signSlack(body, secret, seconds),
  recordings: [
    { name: 'a command', body: command, headers: form },
    { name: 'the documented command', body: read('verifying-requests'), headers: form },
    { name: 'help', body: command.replace(/text=[^&]*/, 'text=help'), headers: form },
    {
      name: 'a charset',
      body: command.replace('depth%3D3', 'depth%3D4'),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    },
  ],
  startingNoRun: [
    { name: 'ssl_check', body: 'ssl_check=1&token=x', headers: form },
    jsonOf('url_verification', { type: 'url_verification', token: 'x', challenge: '3eZbrw1aB10b' }),
    jsonOf('an event', {
      type: 'event_callback',
      team_id: 'T1',
      event: { type: 'app_mention', user: 'U1', text: 'hi', channel: 'C1', ts: '1' },
    }),
    {
      name: 'a pressed button',
      body: `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', user: { id: 'U1' }, team: { id: 'T1' }, actions: [{ type: 'button', action_id: 'a', block_id: 'b', value: 'v' }] }))}`,
      headers: form,
    },
  ],
  unreadable: [
    { name: 'broken JSON', body: '{', headers: json },
    { name: 'a list', body: '[]', headers: json },
    { name: 'a broken escape', body: 'command=%zz', headers: form },
    { name: 'a broken payload', body: 'payload=%7B', headers: form },
    { name: 'a command without a user', body: 'command=%2Fanalyze&text=x', headers: form },
  ],
  authHeaders: ['x-slack-signature', 'x-slack-request-timestamp'],
  tolerance: 300,
  deliveryKeyFrom: 'signed-data',
})
