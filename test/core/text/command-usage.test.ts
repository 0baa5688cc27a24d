import { expect, it } from 'vitest'
import { commandUsage, typingRules } from '../../../src/core/text/command-usage.ts'
import { boolean, integer, string } from '../../support/params.ts'

it('puts optional parameters in brackets, and shows a boolean as a flag if a flag changes something', () => {
  const params = {
    dataset: string({ required: true }),
    sure: boolean({ required: true }),
    depth: integer(),
    'dry-run': boolean(),
    quiet: boolean({ default: false }),
    cache: boolean({ default: true }),
  }
  expect(commandUsage('/analyze', params)).toBe(
    '/analyze dataset=… sure=… [depth=…] [--dry-run] [--quiet] [cache=false]',
  )
  expect(commandUsage('/analyze', {})).toBe('/analyze')
})

it('says how parameters are typed, and names a flag if there is one', () => {
  const rules = typingRules({ depth: integer(), 'dry-run': boolean() })
  expect(rules).toBe(
    'Write name=value or --name value. --dry-run alone means dry-run=true. A value goes in quotes if it has spaces or begins with a dash.',
  )
  expect(typingRules({ depth: integer() })).toBe(
    'Write name=value or --name value. A value goes in quotes if it has spaces or begins with a dash.',
  )
  expect(typingRules({})).toBeUndefined()
})
