/** `npm run fuzz`, in short: what it holds for a minute holds for some thousand requests. */
import { expect, it } from 'vitest'
import { fuzz } from '../../bench/fuzz/fuzz.ts'
import { canary } from '../../bench/fuzz/seeds.ts'
import { secrets } from '../../bench/fuzz/sources.ts'
import { createWatch } from '../../bench/fuzz/watch.ts'

it('three thousand fuzzed requests: none is answered 5xx or throws, and no line of the log gives anything away', async () => {
  const { answers, failures, watch } = await fuzz({ seconds: 2, rate: 1500, seed: 2 })
  expect(failures).toEqual([])
  expect(watch.leaks).toEqual([])
  // What is not reached is not tried: every status that a sender may see, from valid deliveries to those without proof.
  const statuses = new Set([...answers.keys()].map((name) => name.split(' ')[1]))
  expect([...statuses]).toEqual(expect.arrayContaining(['200', '202', '400', '401', '404', '405', '422']))
  expect(answers.get('valid 202')).toBeGreaterThan(5)
}, 60_000)

it.each([
  ['a secret', secrets.GITHUB],
  ['what only a body holds', canary],
  ['a signature', 'a'.repeat(64)],
])('a line with %s is noticed', (_, text) => {
  const watch = createWatch()
  watch.add([`sha256=${'a'.repeat(64)}`])
  watch.write('{"msg":"delivery accepted"}')
  expect(watch.leaked).toBe(0)
  watch.write(`{"msg":"delivery of ${text}"}`)
  expect(watch.leaked).toBe(1)
})
