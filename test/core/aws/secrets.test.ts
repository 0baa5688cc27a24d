import {
  type GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { parseReference } from '../../../src/core/aws/secret-reference.ts'
import { cleanSecret } from '../../../src/core/aws/secret-value.ts'
import { createSecrets } from '../../../src/core/aws/secrets.ts'
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

describe('parseReference', () => {
  it.each([
    ['env:SECRET', { kind: 'env', name: 'SECRET' }],
    ['env:_x9', { kind: 'env', name: '_x9' }],
    ['secretsmanager:taskhook/github', { kind: 'secretsmanager', id: 'taskhook/github', key: undefined }],
    ['secretsmanager:taskhook/github#webhook', { kind: 'secretsmanager', id: 'taskhook/github', key: 'webhook' }],
    [
      'secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf#k',
      { kind: 'secretsmanager', id: 'arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf', key: 'k' },
    ],
  ])('%s', (text, reference) => {
    expect(parseReference(text)).toEqual(reference)
  })

  it.each([
    '',
    'SECRET',
    'env:',
    'env:9x',
    'env:A B',
    'env:A\n',
    ' env:A',
    'secretsmanager:',
    'secretsmanager:#k',
    'secretsmanager:a#',
    'secretsmanager:a#b#c',
    'secretsmanager:a b',
    'ssm:x',
    'ghp_abcdefghijklmnopqrstuvwxyz',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })
})

describe('values', () => {
  it('of the environment', async () => {
    const { secrets, calls } = secretsOf({ env: { A: 'one', B: 'two' } })
    expect(await secrets.all(['env:A', 'env:B'])).toEqual(['one', 'two'])
    expect(await secrets.current(['env:B', 'env:A'])).toBe('two')
    expect(calls).toEqual([])
  })

  it('of Secrets Manager: the current one first, then the previous', async () => {
    const { secrets, calls } = secretsOf({ stored: { s: { AWSCURRENT: 'new', AWSPREVIOUS: 'old' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new', 'old'])
    expect(await secrets.current(['secretsmanager:s'])).toBe('new')
    expect(calls.sort()).toEqual(['s AWSCURRENT', 's AWSPREVIOUS'])
  })

  it('of a secret that was never rotated', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: 'only' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['only'])
  })

  it('by key, in both versions', async () => {
    const stored = { s: { AWSCURRENT: '{"webhook":"new","token":"t"}', AWSPREVIOUS: '{"webhook":"old"}' } }
    const { secrets } = secretsOf({ stored })
    expect(await secrets.all(['secretsmanager:s#webhook'])).toEqual(['new', 'old'])
    expect(await secrets.all(['secretsmanager:s#token'])).toEqual(['t'])
  })

  it('each once', async () => {
    const { secrets } = secretsOf({ env: { A: 'x', B: 'x' }, stored: { s: { AWSCURRENT: 'x', AWSPREVIOUS: 'x' } } })
    expect(await secrets.all(['env:A', 'env:B', 'secretsmanager:s'])).toEqual(['x'])
  })

  it.each([
    ['not JSON', 'plain'],
    ['without the key', '{"other":"x"}'],
    ['blank', '{"k":"  "}'],
    ['not a text', '{"k":3}'],
  ])('leave out a previous version that is %s', async (_, previous) => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: '{"k":"new"}', AWSPREVIOUS: previous } } })
    expect(await secrets.all(['secretsmanager:s#k'])).toEqual(['new'])
  })

  it('are the same before and after a rotation, spaces included', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: ' new \n', AWSPREVIOUS: ' old \r\n' } } })
    expect(await secrets.all(['secretsmanager:s'])).toEqual([' new ', ' old '])
  })
})

describe('by age', () => {
  const weekMs = 7 * 86_400_000
  const stored = () => ({ s: { AWSCURRENT: 'new', AWSPREVIOUS: 'old' } })

  it('the first of a list is current, what stands behind it is previous for as long as it stands there', async () => {
    const { secrets, clock } = secretsOf({ env: { A: 'new', B: 'old', C: 'older' } })
    clock.now += 100 * weekMs
    const aged = { current: ['new'], previous: ['old', 'older'] }
    expect(await secrets.byAge(['env:A', 'env:B', 'env:C'])).toEqual(aged)
  })

  it.each([
    ['a week after the rotation, less a moment', undefined, weekMs - 1, ['old']],
    ['a week after the rotation', undefined, weekMs, []],
    ['an hour after it, where that is the limit', 3600, 3_600_000, []],
    ['less than an hour after it, where that is the limit', 3600, 3_599_999, ['old']],
  ])('%s', async (_, previousFor, later, previous) => {
    const { secrets, clock, created } = secretsOf({ stored: stored() })
    created.s = clock.now
    clock.now += later
    expect(await secrets.byAge(['secretsmanager:s'], previousFor)).toEqual({ current: ['new'], previous })
  })

  it('ends while it is cached, too', async () => {
    const { secrets, clock, created, calls } = secretsOf({ stored: stored() })
    created.s = clock.now - weekMs + 1000
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new', 'old'])
    clock.now += 1000
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['new'])
    expect(calls).toHaveLength(2)
  })
})

describe('what cannot be a secret', () => {
  it.each<[string, string, Stages | undefined]>([
    ['not there', 'secretsmanager:s', undefined],
    ['empty', 'secretsmanager:s', { AWSCURRENT: '' }],
    ['blank', 'secretsmanager:s', { AWSCURRENT: ' \n' }],
    ['not JSON, where a key is asked for', 'secretsmanager:s#k', { AWSCURRENT: 'plain' }],
    ['without the key', 'secretsmanager:s#k', { AWSCURRENT: '{"other":"x"}' }],
    ['without the key, which every object has', 'secretsmanager:s#constructor', { AWSCURRENT: '{}' }],
    ['a number by its key', 'secretsmanager:s#k', { AWSCURRENT: '{"k":3}' }],
    ['empty by its key', 'secretsmanager:s#k', { AWSCURRENT: '{"k":""}' }],
    ['JSON null', 'secretsmanager:s#k', { AWSCURRENT: 'null' }],
    ['not for us', 'secretsmanager:s', { AWSCURRENT: denied }],
  ])('%s', async (_, reference, stages) => {
    const { secrets } = secretsOf({ stored: stages === undefined ? {} : { s: stages } })
    await expect(secrets.all([reference])).rejects.toThrow(unavailable)
    await expect(secrets.current([reference])).rejects.toThrow(unavailable)
  })

  it.each([
    ['unset', 'env:ABSENT', 'is not set'],
    ['empty', 'env:EMPTY', 'is empty'],
    ['blank', 'env:BLANK', 'is empty'],
    ['a newline', 'env:NEWLINE', 'is empty'],
    ['no reference', 'the secret itself', 'is not a secret reference'],
  ])('%s', async (_, reference, why) => {
    const { secrets } = secretsOf({ env: { EMPTY: '', BLANK: '  ', NEWLINE: '\n' } })
    await expect(secrets.all([reference])).rejects.toThrow(why)
    await expect(secrets.all([reference])).rejects.toThrow(unavailable)
  })

  it('one bad reference of two fails both, since a rotation half done must be seen', async () => {
    const { secrets } = secretsOf({ env: { A: 'one' } })
    await expect(secrets.all(['env:A', 'env:ABSENT'])).rejects.toThrow(TaskhookError)
  })

  it('no reference at all', async () => {
    const { secrets } = secretsOf({})
    await expect(secrets.current([])).rejects.toThrow(unavailable)
  })

  it('keeps AWS’s words for the log, and its own cause', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: denied } } })
    await expect(secrets.all(['secretsmanager:s'])).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining('not authorized'), cause: denied }),
    )
  })

  it('does not put a value into its message', async () => {
    const { secrets } = secretsOf({ stored: { s: { AWSCURRENT: 'plain-secret-text' } } })
    await expect(secrets.all(['secretsmanager:s#k'])).rejects.not.toThrow('plain-secret-text')
  })
})

describe('clean', () => {
  it.each([
    ['abc\n', 'abc', 1],
    ['abc\r\n', 'abc', 1],
    ['abc\n\n', 'abc', 1],
    ['abc', 'abc', 0],
    [' abc ', ' abc ', 0],
    ['a\nb', 'a\nb', 0],
  ])('%j is %j, with %d warnings', (value, cleaned, count) => {
    const warnings: string[] = []
    expect(cleanSecret('env:A', value, (message) => warnings.push(message))).toBe(cleaned)
    expect(warnings).toHaveLength(count)
    expect(warnings.join()).not.toContain('abc')
  })
})

describe('the cache', () => {
  const stages = () => ({ s: { AWSCURRENT: 'v1' } as Stages })

  it('asks once for all who ask at the same time', async () => {
    const { secrets, calls } = secretsOf({ stored: stages() })
    await Promise.all([1, 2, 3].map(() => secrets.all(['secretsmanager:s'])))
    expect(calls).toHaveLength(2)
  })

  it.each([
    [0, 'v1'],
    [299_999, 'v1'],
    [300_000, 'v2'],
  ])('%d ms later it has %s', async (later, value) => {
    const { secrets, clock, stored } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: 'v2' }
    clock.now += later
    expect(await secrets.all(['secretsmanager:s'])).toEqual([value])
  })

  it('looks again at once, since a sender may have changed over a moment after the last look', async () => {
    const { secrets, stored } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: 'v2' }
    await secrets.refresh(['secretsmanager:s'])
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v2'])
  })

  it('whoever asks while somebody looks waits for what he finds', async () => {
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

  it('a flood of bad signatures is five looks, and one more every thirty seconds', async () => {
    const { secrets, calls, clock } = secretsOf({ stored: stages() })
    const looks = () => calls.filter((call) => call.endsWith('AWSCURRENT')).length
    await secrets.all(['secretsmanager:s'])
    for (let bad = 0; bad < 1000; bad++) {
      await secrets.refresh(['secretsmanager:s'])
      clock.now += 29
    }
    expect(looks()).toBe(1 + 5)
    for (let bad = 0; bad < 1000; bad++) {
      clock.now += 60
      await secrets.refresh(['secretsmanager:s'])
    }
    expect(looks()).toBe(1 + 5 + 2)
  })

  it('five looks are saved up again, and no more than five', async () => {
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

  it('keeps what it knows where looking again fails, and says so', async () => {
    const { secrets, clock, stored, warnings } = secretsOf({ stored: stages() })
    await secrets.all(['secretsmanager:s'])
    stored.s = { AWSCURRENT: denied }
    clock.now += 30_001
    await secrets.refresh(['secretsmanager:s'])
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v1'])
    expect(warnings).toEqual([expect.stringContaining('could not be refreshed')])
  })

  it('does not remember a failure', async () => {
    const { secrets, stored } = secretsOf({ stored: { s: { AWSCURRENT: denied } } })
    await expect(secrets.all(['secretsmanager:s'])).rejects.toThrow(unavailable)
    stored.s = { AWSCURRENT: 'v1' }
    expect(await secrets.all(['secretsmanager:s'])).toEqual(['v1'])
  })
})
