/** `translate`: pure, and it never fails with anything but a bad request. */
import { describe, expect, it } from 'vitest'
import { BadRequest } from '../../src/core/errors.ts'
import { parseStoredAddress } from '../../src/core/lifecycle/parse-stored.ts'
import type { Case } from './contract.ts'
import { strangeDeliveries } from './strange-deliveries.ts'

export function describeTranslation(name: string, on: Case): void {
  const { adapter, first, recordings, startingNoRun = [], unreadable, verified, translated, replyAddressOf } = on

  describe(`${name}: translate`, () => {
    it.each(recordings)('makes $name a run or a question for help', async (recording) => {
      expect(['run', 'help']).toContain((await translated(recording)).kind)
    })

    it.each(startingNoRun)('makes $name neither a run nor an error', async (recording) => {
      expect(['ignore', 'reply']).toContain((await translated(recording)).kind)
    })

    it.each(unreadable)('makes $name a bad request', async (recording) => {
      await expect(translated(recording)).rejects.toThrow(BadRequest)
    })

    it.each(strangeDeliveries)(
      'makes $name a translation or a bad request, and throws nothing else',
      async (strange) => {
        const outcome = await verified({ ...strange, headers: { ...first.headers, ...strange.headers } })
          .then((request) => adapter.translate(request))
          .then(
            ({ kind }) => kind,
            (error: Error) => error.name,
          )
        expect(['run', 'help', 'reply', 'ignore', 'BadRequest', 'Unauthorized']).toContain(outcome)
      },
    )

    it.each(recordings)('translates $name the same twice, and does not change the request', async (recording) => {
      const request = await verified(recording)
      const copy = () => ({ headers: { ...request.headers }, body: Buffer.from(request.body).toString() })
      const before = copy()
      expect(await adapter.translate(request)).toEqual(await adapter.translate(request))
      expect(copy()).toEqual(before)
    })

    it.each(recordings)('gives $name a reply address that is stored as JSON and read back', async (recording) => {
      const replyAddress = await replyAddressOf(recording)
      expect(JSON.parse(JSON.stringify(replyAddress))).toEqual(replyAddress)
      expect(parseStoredAddress(adapter, replyAddress)).toEqual(replyAddress)
    })

    it.each(recordings)(
      'gives $name an event, an actor and a delivery id that are short and printable',
      async (recording) => {
        const translation = await translated(recording)
        if (!('trigger' in translation)) throw new Error('no trigger')
        const { event, actor, deliveryId } = translation.trigger
        expect([event, actor]).toEqual([expect.stringMatching(/^\S{1,100}$/), expect.stringMatching(/^\S{1,100}$/)])
        expect(deliveryId.length).toBeLessThanOrEqual(100)
      },
    )
  })
}
