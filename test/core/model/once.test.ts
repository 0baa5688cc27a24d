import { expect, it } from 'vitest'
import { once } from '../../../src/core/model/once.ts'

it('makes a value once, also for calls at the same time', async () => {
  let calls = 0
  const get = once(async () => ++calls)
  expect(await Promise.all([get(), get()])).toEqual([1, 1])
  expect(await get()).toBe(1)
})

it('tries again after a failure, which calls at the same time share', async () => {
  let calls = 0
  const get = once(async () => {
    if (++calls === 1) throw new Error('no network')
    return calls
  })
  const failures = await Promise.allSettled([get(), get()])
  expect(failures).toMatchObject([{ reason: { message: 'no network' } }, { reason: { message: 'no network' } }])
  expect(await get()).toBe(2)
  expect(await get()).toBe(2)
})
