import { expect, it } from 'vitest'
import { commandUsage } from '../../../src/core/text/command-usage.ts'

it('puts optional parameters in brackets', () => {
  const params = {
    dataset: { type: 'string', env: 'DATASET', required: true },
    depth: { type: 'integer', env: 'DEPTH' },
  } as const
  expect(commandUsage('/analyze', params)).toBe('/analyze dataset=… [depth=…]')
  expect(commandUsage('/analyze', {})).toBe('/analyze')
})
