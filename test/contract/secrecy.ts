/** No secret, signature or token leaves the adapter in a translation or in an error. */
import { describe, expect, it } from 'vitest'
import { type Case, type Recording, seconds, without } from './contract.ts'

export function describeSecrecy(name: string, on: Case): void {
  const { authHeaders, first, recordings, startingNoRun = [], secrets, signs, unreadable } = on
  const { headersOf, translated, verify } = on
  /** The secrets, and long parts of the headers that `sign` makes. */
  const confidential = (recording: Recording): readonly string[] => [
    ...Object.values(secrets),
    ...Object.values(on.sign(recording, secrets.current, seconds)).flatMap(
      (value) => value.match(/[\w+/=-]{20,}/g) ?? [],
    ),
  ]

  describe(`${name}: secrets`, () => {
    it.each([...recordings, ...startingNoRun])('are not in the translation of $name', async (recording) => {
      const text = JSON.stringify(await translated(recording))
      for (const secret of confidential(recording)) expect(text).not.toContain(secret)
    })

    it('are not in an error, its reason or its cause', async () => {
      const headers = headersOf(first)
      const attempts = [
        verify(first.body, headers, [secrets.wrong]),
        verify(first.body, headersOf(first, secrets.wrong)),
        verify(`${first.body}x`, headers, signs ? [secrets.current] : [secrets.wrong]),
        verify(first.body, without(headers, authHeaders[0])),
        ...unreadable.map(translated),
      ]
      for (const attempt of attempts) {
        const error = await attempt.then(
          () => expect.unreachable('it was accepted'),
          (thrown: Error & { reason?: string }) => thrown,
        )
        const text = [error.message, error.reason, error.cause, error.stack?.split('\n')[0]].map(String).join(' ')
        for (const secret of confidential(first)) expect(text).not.toContain(secret)
      }
    })
  })
}
