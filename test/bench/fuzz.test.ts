/** `npm run fuzz` with a few thousand requests, and tests that its checks can fail. */
import { expect, it } from 'vitest'
import { config, secrets } from '../../bench/fuzz/config.ts'
import { createLeakDetector } from '../../bench/fuzz/leak-detector.ts'
import { isInternalErrorText, runFuzz } from '../../bench/fuzz/run-fuzz.ts'
import { canary } from '../../bench/fuzz/seed-deliveries.ts'
import { builtin } from '../../src/adapters/registry.ts'

it('answers 3,000 fuzzed requests without a 5xx, an exception or a leak in the log', async () => {
  const { answers, failures, leakDetector } = await runFuzz({ seconds: 2, rate: 1500, seed: 2 })
  expect(failures).toEqual([])
  expect(leakDetector.leaks).toEqual([])
  // The requests reach every status that a sender can get, from valid deliveries to those without a signature.
  const statuses = new Set([...answers.keys()].map((name) => name.split(' ')[1]))
  expect([...statuses]).toEqual(expect.arrayContaining(['200', '202', '400', '401', '404', '405', '422']))
  expect(answers.get('valid 202')).toBeGreaterThan(5)
}, 60_000)

it.each([
  ['a secret', secrets.GITHUB],
  ['a text that only occurs in bodies', canary],
  ['a signature', 'a'.repeat(64)],
])('detects %s in a log line', (_, text) => {
  const detector = createLeakDetector()
  detector.addSignatures([`sha256=${'a'.repeat(64)}`])
  detector.write('{"msg":"delivery accepted"}')
  expect(detector.leakCount).toBe(0)
  detector.write(`{"msg":"delivery of ${text}"}`)
  expect(detector.leakCount).toBe(1)
})

it('detects an internal error that Slack gets as a text with status 200', async () => {
  const { slack: source } = config.sources
  if (source === undefined) throw new Error('the config has no source for Slack')
  const adapter = (await builtin.slack())(source)
  const reply = adapter.httpReply?.({ kind: 'refused', status: 500, title: 'x', problems: [] }, null)
  expect(reply?.status).toBe(200)
  expect(isInternalErrorText(String(reply?.body))).toBe(true)
})
