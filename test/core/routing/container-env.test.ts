import { describe, expect, it } from 'vitest'
import { progressEnv } from '../../../src/core/routing/container-env.ts'
import { run } from './plan-fixtures.ts'

describe('progressEnv', () => {
  it('gives the container the address and the token for its reports', () => {
    expect(progressEnv('https://abc.on.aws', run, 'token')).toEqual([
      { name: 'TASKHOOK_PROGRESS_URL', value: `https://abc.on.aws/runs/${run}/progress` },
      { name: 'TASKHOOK_TOKEN', value: 'token' },
    ])
  })
})
