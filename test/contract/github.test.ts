import { readFileSync } from 'node:fs'
import { github } from '../../src/adapters/github/index.ts'
import { signGitHub } from '../support/sign.ts'
import { describeAdapter, type Recording } from './suite.ts'

const read = (name: string) => readFileSync(new URL(`../fixtures/github/${name}.json`, import.meta.url))
const recording = (name: string, more: Partial<Recording> = {}): Recording => ({
  name,
  body: read(name),
  headers: {
    'content-type': 'application/json',
    'x-github-event': name.split('.', 1)[0] ?? '',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  },
  ...more,
})
const push = JSON.parse(read('push').toString())
const form = (headers = {}) => ({
  ...recording('push').headers,
  'content-type': 'application/x-www-form-urlencoded',
  ...headers,
})

describeAdapter('github', {
  adapter: github({ name: 'github', adapter: 'github', secret: ['env:S'], tokens: {}, options: {} }),
  secrets: {
    current: "It's a Secret to Everybody",
    previous: 'the-secret-before-that',
    wrong: 'not-the-secret-at-all',
  },
  sign: ({ body }, secret) => signGitHub(body, secret),
  recordings: [
    recording('push'),
    recording('pull_request.opened'),
    recording('issue_comment.created'),
    recording('push', {
      name: 'push as a form',
      body: `payload=${encodeURIComponent(JSON.stringify(push))}`,
      headers: form(),
    }),
  ],
  startingNoRun: [
    recording('ping'),
    recording('push', { name: 'a deleted branch', body: JSON.stringify({ ...push, deleted: true }) }),
    recording('push', {
      name: 'a status that taskhook wrote',
      body: JSON.stringify({ context: 'taskhook/analyze', state: 'success' }),
      headers: { ...recording('push').headers, 'x-github-event': 'status' },
    }),
  ],
  unreadable: [
    recording('push', { name: 'broken JSON', body: '{"ref":' }),
    recording('push', { name: 'a list', body: '[]' }),
    recording('push', { name: 'a delivery without an event', headers: { 'content-type': 'application/json' } }),
    recording('push', { name: 'an invalid event name', headers: { 'x-github-event': 'push\u0000' } }),
    recording('push', { name: 'a form without payload', body: 'other=1', headers: form() }),
    recording('push', { name: 'a form with a broken escape', body: 'payload=%zz', headers: form() }),
  ],
  authHeaders: ['x-hub-signature-256'],
  deliveryKeyFrom: 'signed-data',
})
