import {
  type GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { createSecrets } from '../../../src/core/aws/secret-rotation.ts'
import { TaskhookError } from '../../../src/core/errors.ts'

/** A stage → its text, an error to be thrown, or nothing. */
type Stages = Record<string, string | Error | undefined>

function secretsOf({ env = {}, stored = {} }: { env?: Record<string, string>; stored?: Record<string, Stages> }) {
  const calls: string[] = []
  /** When the current version of a secret was stored. */
  const created: Record<string, number> = {}
  const warnings: string[] = []
  const clock = { now: 1_700_000_000_000 }
  const client = new SecretsManagerClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  client.middlewareStack.add(
    () => async (args) => {
      const { SecretId = '', VersionStage = '' } = args.input as GetSecretValueCommand['input']
      calls.push(`${SecretId} ${VersionStage}`)
      const at = created[SecretId]
      const found = stored[SecretId]?.[VersionStage]
      if (found instanceof Error) throw found
      if (found === undefined) throw new ResourceNotFoundException({ message: 'no such secret', $metadata: {} })
      return {
        output: { $metadata: {}, SecretString: found, ...(at !== undefined && { CreatedDate: new Date(at) }) },
        response: {},
      }
    },
    { step: 'initialize' },
  )
  const secrets = createSecrets({
    env,
    now: () => clock.now,
    warn: (message) => warnings.push(message),
    client: async () => client,
  })
  return { secrets, calls, warnings, clock, stored, env, created }
}

const denied = Object.assign(new Error('not authorized to perform secretsmanager:GetSecretValue'), {
  name: 'AccessDeniedException',
})
const unavailable = expect.objectContaining({ name: 'TaskhookError', code: 'unavailable' })

describe('the values of references', () => {
  it('come from environment variables', async () => {
    const { secrets, calls } = secretsOf({ env: { A: 'one', B: 'two' } })
    expect(await secrets.all(['env:A', 'env:B'])).toEqual(['one', 'two'])
    expect(await secrets.current(['env:B', 'env:A'])).toBe('two')
    expect(calls).toEqual([])
  })

  it('come from Secrets Manager, the current one first, then the previous', async () => {
    const { secrets, calls } = secretsOf({ stored: { s: { AWSCURRENT: 'new', AWSPREVIOUS: 'old' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new', 'old'])
    expect(await secrets.current(['secretsmanager:s'])).toBe('new')
    expect(calls.sort()).toEqual(['s AWSCURRENT', 's AWSPREVIOUS'])
  })

  it('have no previous one if the secret was never rotated', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: 'only' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['only'])
  })

  it('are members of a JSON secret, in both versions', async () => {
    const stored = { s: { AWSCURRENT: '{"webhook":"new","token":"t"}', AWSPREVIOUS: '{"webhook":"old"}' } }
    const { secrets } = secretsOf({ stored })
    expect(await secrets.all(['secretsmanager:s#webhook'])).toEqual(['new', 'old'])
    expect(await secrets.all(['secretsmanager:s#token'])).toEqual(['t'])
  })

  it('contain no duplicates', async () => {
    const { secrets } = secretsOf({ env: { A: 'x', B: 'x' }, stored: { s: { AWSCURRENT: 'x', AWSPREVIOUS: 'x' } } })
    expect(await secrets.all(['env:A', 'env:B', 'secretsmanager:s'])).toEqual(['x'])
  })

  it.each([
    ['not JSON', 'plain'],
    ['without the key', '{"other":"x"}'],
    ['blank', '{"k":"  "}'],
    ['not a text', '{"k":3}'],
  ])('omit a previous version that is %s', async (_, previous) => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: '{"k":"new"}', AWSPREVIOUS: previous } } })
    expect(await secrets.all(['secretsmanager:s#k'])).toEqual(['new'])
  })

  it('keep spaces and lose a newline at the end, in both versions', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: ' new \n', AWSPREVIOUS: ' old \r\n' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual([' new ', ' old '])
  })
})

describe('byAge', () => {
  const weekMs = 7 * 86_400_000
  const stored = () => ({ s: { AWSCURRENT: 'new', AWSPREVIOUS: 'old' } })

  it('counts the first of a list as current, and all further ones among the others, however old they are', async () => {
    const { secrets, clock } = secretsOf({ env: { A: 'new', B: 'old', C: 'older' } })
    clock.now += 100 * weekMs
    const aged = { current: ['new'], others: ['old', 'older'] }
    expect(await secrets.byAge(['env:A', 'env:B', 'env:C'])).toEqual(aged)
  })

  it.each([
    ['accepts AWSPREVIOUS until a week after the rotation', undefined, weekMs - 1, ['old']],
    ['rejects AWSPREVIOUS from a week after the rotation', undefined, weekMs, []],
    ['accepts AWSPREVIOUS until a configured hour after the rotation', 3600, 3_599_999, ['old']],
    ['rejects AWSPREVIOUS from a configured hour after the rotation', 3600, 3_600_000, []],
  ])('%s', async (_, previousFor, later, others) => {
    const { secrets, clock, created } = secretsOf({ stored: stored() })
    created.s = clock.now
    clock.now += later
    expect(await secrets.byAge(['secretsmanager:s'], previousFor)).toEqual({ current: ['new'], others })
  })

  it('rejects an expired AWSPREVIOUS that is cached', async () => {
    const { secrets, clock, created, calls } = secretsOf({ stored: stored() })
    created.s = clock.now - weekMs + 1000
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new', 'old'])
    clock.now += 1000
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new'])
    expect(calls).toHaveLength(2)
  })
})

describe('an unusable secret', () => {
  it.each<[string, string, Stages | undefined]>([
    ['missing', 'secretsmanager:s', undefined],
    ['empty', 'secretsmanager:s', { AWSCURRENT: '' }],
    ['blank', 'secretsmanager:s', { AWSCURRENT: ' \n' }],
    ['not JSON, although the reference has a key', 'secretsmanager:s#k', { AWSCURRENT: 'plain' }],
    ['without the key', 'secretsmanager:s#k', { AWSCURRENT: '{"other":"x"}' }],
    ['without a key that every object inherits', 'secretsmanager:s#constructor', { AWSCURRENT: '{}' }],
    ['a number', 'secretsmanager:s#k', { AWSCURRENT: '{"k":3}' }],
    ['an empty member', 'secretsmanager:s#k', { AWSCURRENT: '{"k":""}' }],
    ['JSON null', 'secretsmanager:s#k', { AWSCURRENT: 'null' }],
    ['denied', 'secretsmanager:s', { AWSCURRENT: denied }],
  ])('is unavailable: %s', async (_, reference, stages) => {
    const { secrets } = secretsOf({ stored: stages === undefined ? {} : { s: stages } })
    await expect(secrets.all([reference])).rejects.toThrow(unavailable)
    await expect(secrets.current([reference])).rejects.toThrow(unavailable)
  })

  it.each([
    ['unset', 'env:ABSENT', 'is not set'],
    ['empty', 'env:EMPTY', 'is empty'],
    ['blank', 'env:BLANK', 'is empty'],
    ['a newline', 'env:NEWLINE', 'is empty'],
    ['not a reference', 'the secret itself', 'is not a secret reference'],
  ])('is reported with its reason: %s', async (_, reference, why) => {
    const { secrets } = secretsOf({ env: { EMPTY: '', BLANK: '  ', NEWLINE: '\n' } })
    await expect(secrets.all([reference])).rejects.toThrow(why)
    await expect(secrets.all([reference])).rejects.toThrow(unavailable)
  })

  it('fails all references of a list, so that a half-finished rotation is noticed', async () => {
    const { secrets } = secretsOf({ env: { A: 'one' } })
    await expect(secrets.all(['env:A', 'env:ABSENT'])).rejects.toThrow(TaskhookError)
  })

  it('is an empty list of references', async () => {
    const { secrets } = secretsOf({})
    await expect(secrets.current([])).rejects.toThrow(unavailable)
  })

  it('keeps the message and the cause of the AWS error for the log', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: denied } } })
    await expect(secrets.all(['secretsmanager:s'])).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining('not authorized'), cause: denied }),
    )
  })

  it('is reported without its value', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: 'plain-secret-text' } } })
    await expect(secrets.all(['secretsmanager:s#k'])).rejects.not.toThrow('plain-secret-text')
  })
})

describe('the cache', () => {
  const stages = () => ({ s: { AWSCURRENT: 'v1' } as Stages })

  it('reads once for concurrent requests', async () => {
    const { secrets, calls } = secretsOf({ stored: stages() })
    await Promise.all([1, 2, 3].map(() => secrets.all(['secretsmanager:s'])))
    expect(calls).toHaveLength(2)
  })

  it.each([
    [0, 'v1'],
    [299_999, 'v1'],
    [300_000, 'v2'],
  ])('after %d ms returns %s', async (later, value) => {
    const { secrets, clock, stored } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: 'v2' }
    clock.now += later
    expect(await secrets.all(['secretsmanager:s'])).toEqual([value])
  })

  it('refreshes at once, since a sender may rotate right after the last read', async () => {
    const { secrets, stored } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: 'v2' }
    await secrets.refresh(['secretsmanager:s'])
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v2'])
  })

  it('shares one refresh among concurrent requests', async () => {
    const { secrets, stored, calls } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: 'v2' }
    const seen = await Promise.all(
      Array.from({ length: 50 }, async () => {
        await secrets.refresh(['secretsmanager:s'])
        return secrets.current(['secretsmanager:s'])
      }),
    )
    expect(new Set(seen)).toEqual(new Set(['v2']))
    expect(calls.filter((call) => call.endsWith('AWSCURRENT'))).toHaveLength(2)
  })

  it('allows 5 refreshes at once, and then one every 30 s', async () => {
    const { secrets, calls, clock } = secretsOf({ stored: stages() })
    const refreshes = () => calls.filter((call) => call.endsWith('AWSCURRENT')).length
    await secrets.all(['secretsmanager:s'])
    for (let bad = 0; bad < 1000; bad++) {
      await secrets.refresh(['secretsmanager:s'])
      clock.now += 29
    }
    expect(refreshes()).toBe(1 + 5)
    for (let bad = 0; bad < 1000; bad++) {
      clock.now += 60
      await secrets.refresh(['secretsmanager:s'])
    }
    expect(refreshes()).toBe(1 + 5 + 2)
  })

  it('saves up at most 5 refreshes', async () => {
    const { secrets, calls, clock } = secretsOf({ stored: stages() })
    const flood = async () => {
      const before = calls.length
      for (let bad = 0; bad < 20; bad++) await secrets.refresh(['secretsmanager:s'])
      return (calls.length - before) / 2
    }
    expect(await flood()).toBe(5)
    clock.now += 61_000
    expect(await flood()).toBe(2)
    clock.now += 3_600_000
    expect(await flood()).toBe(5)
  })

  it('keeps the cached value and warns if a refresh fails', async () => {
    const { secrets, clock, stored, warnings } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: denied }
    clock.now += 30_001
    await secrets.refresh(['secretsmanager:s'])
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v1'])
    expect(warnings).toEqual([expect.stringContaining('could not be refreshed')])
  })

  it('does not cache a failure', async () => {
    const { secrets, stored } = secretsOf({ stored: { s: { AWSCURRENT: denied } } })
    await expect(secrets.all(['secretsmanager:s'])).rejects.toThrow(unavailable)
    stored.s = { AWSCURRENT: 'v1' }
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v1'])
  })
})
