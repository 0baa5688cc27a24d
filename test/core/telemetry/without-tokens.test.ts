import { expect, it } from 'vitest'
import { withoutTokens } from '../../../src/core/telemetry/log.ts'

it('removes a token that an error of `fetch` quotes', () => {
  expect(withoutTokens('Headers.append: "Bearer xoxb-1\nxoxb-2" is an invalid header value.')).toBe(
    'Headers.append: "Bearer <hidden>',
  )
})
