import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import type { Rate } from '../../../src/core/model/token-bucket.ts'
import type { Items } from '../../../src/core/store/items.ts'
import { bucketKey, createRates } from '../../../src/core/store/rate-limit-store.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'

let emulators: Emulators
let items: Items
beforeAll(async () => {
  emulators = await startEmulators()
  items = createItems(emulators.dynamo, 'taskhook')
})
afterAll(() => emulators?.close())

const start = 1_800_000_000_000
const rate: Rate = { count: 60, per: 'm', burst: 10 }

describe('a bucket in the table', () => {
  it('gives out as many tokens as it has to instances that ask at the same moment', async () => {
    const key = bucketKey('many')
    const all = (now: number) =>
      Promise.all(Array.from({ length: 40 }, () => createRates(items, () => now).take([{ key, rate }])))
    const through = async (now: number) => (await all(now)).filter((empty) => empty === undefined).length
    expect(await through(start)).toBe(10)
    expect(await through(start + 999)).toBe(0)
    expect(await through(start + 3_000)).toBe(3)
    expect(await through(start + 3_600_000)).toBe(10)
  })

  it('loses no token to a request that another bucket refuses', async () => {
    const rates = createRates(items, () => start)
    const [own, all] = [bucketKey('two', 'ann'), bucketKey('two')]
    const few: Rate = { count: 1, per: 'm', burst: 1 }
    expect(
      await rates.take([
        { key: own, rate: few },
        { key: all, rate },
      ]),
    ).toBeUndefined()
    for (let round = 0; round < 20; round++)
      expect(
        await rates.take([
          { key: own, rate: few },
          { key: all, rate },
        ]),
      ).toMatchObject({ key: own, waitMs: 60_000 })
    const bob = bucketKey('two', 'bob')
    for (let round = 0; round < 9; round++)
      expect(
        await rates.take([
          { key: bob, rate: { ...rate, burst: 100 } },
          { key: all, rate },
        ]),
      ).toBeUndefined()
    expect(
      await rates.take([
        { key: bob, rate: { ...rate, burst: 100 } },
        { key: all, rate },
      ]),
    ).toMatchObject({ key: all })
  })

  it('is deleted some time after it is full', async () => {
    const key = bucketKey('old')
    await createRates(items, () => start).take([{ key, rate }])
    expect(await items.get(key)).toMatchObject({ expiresAt: start / 1000 + 10 + 3600 })
  })

  it('does not contain the actor in its key', () => {
    expect(bucketKey('slack', 'U012AB')).toMatch(/^rate#slack#[0-9a-f]{32}$/)
    expect(bucketKey('slack', 'U012AB')).not.toBe(bucketKey('slack', 'U012AC'))
  })

  it('admits no one if it cannot be read', async () => {
    const nowhere = new DynamoDBClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      maxAttempts: 1,
    })
    const rates = createRates(createItems(nowhere, 'taskhook'), () => start)
    await expect(rates.take([{ key: bucketKey('x'), rate }])).rejects.toThrow('ECONNREFUSED')
  })
})
