import { describe, expect, it } from 'vitest'
import { controlTokenOf, progressTokenOf, statusTokenOf, statusUrlOf } from '../../../src/core/http/run-tokens.ts'
import {
  clientTokenOf,
  isRunId,
  isTerminal,
  nameOfGroup,
  runIdOf,
  runOfStartedBy,
  runStatuses,
  startedByOf,
} from '../../../src/core/model/run.ts'

const run = '0123456789abcdef0123'

describe('the ID of a run', () => {
  it('is the same for the same delivery and route in every version', () => {
    expect(runIdOf('github', 'key', 'route')).toBe('948f4fac64db117b163e')
  })

  it.each<[string, [string, string, string]]>([
    ['source', ['gitlab', 'key', 'route']],
    ['delivery', ['github', 'other', 'route']],
    ['route', ['github', 'key', 'other']],
    ['borders between them', ['githubkey', '', 'route']],
    ['borders between them', ['github', 'keyroute', '']],
    ['quotes in a key', ['github', 'key","route', '']],
  ])('differs with the %s', (_, parts) => {
    expect(runIdOf(...parts)).not.toBe(runIdOf('github', 'key', 'route'))
  })

  it.each([
    [run, true],
    ['0123456789ABCDEF0123', false],
    ['0123456789abcdef012', false],
    [`${run}4`, false],
    [`${run}\n`, false],
    ['../../etc/passwd', false],
    ['', false],
  ])('isRunId(%j): %s', (text, is) => {
    expect(isRunId(text)).toBe(is)
  })
})

describe('clientTokenOf', () => {
  it('fits ECS: 64 characters, ASCII 33 to 126', () => {
    expect(clientTokenOf(run, 0)).toMatch(/^[\x21-\x7e]{64}$/)
  })

  it('is the same for the same attempt and another for the next', () => {
    expect(clientTokenOf(run, 1)).toBe(clientTokenOf(run, 1))
    expect(new Set([0, 1, 2, 10, 11].map((attempt) => clientTokenOf(run, attempt))).size).toBe(5)
  })

  it('is the same in every version: a start that an update interrupted is found again', () => {
    expect(clientTokenOf(run, 1)).toBe('88fd8af019f2dd556a0e1dc1d1da8a8487389fe2ab586722779ed82c8e44bbec')
  })
})

describe('startedBy', () => {
  it('fits ECS: 128 letters, digits, "-", "/" and "_"', () => {
    expect(startedByOf(run)).toMatch(/^[A-Za-z0-9/_-]{1,128}$/)
  })

  it.each<[startedBy: string | undefined, found: string | undefined]>([
    [startedByOf(run), run],
    [undefined, undefined],
    ['', undefined],
    [run, undefined],
    ['ecs-svc/123456789', undefined],
    [`taskhook/${run}x`, undefined],
    [`taskhook/${run.toUpperCase()}`, undefined],
    [`x/taskhook/${run}`, undefined],
    ['taskhook/', undefined],
  ])('%j → %s', (startedBy, found) => {
    expect(runOfStartedBy(startedBy)).toBe(found)
  })
})

describe('the name of a concurrency group', () => {
  it('is the same in every version, so waiting runs are found again', () => {
    expect(nameOfGroup('sales')).toBe('73bb4adbde5f6662ea2248992784c1cc')
    expect(nameOfGroup('')).not.toBe(nameOfGroup('sales'))
  })
})

describe('the tokens', () => {
  it('of a run are three, and differ for each run and each key', () => {
    const tokens = [statusTokenOf, controlTokenOf, progressTokenOf].flatMap((token) => [
      token(run, 'k1'),
      token(run, 'k2'),
      token(`${run.slice(1)}4`, 'k1'),
    ])
    expect(new Set(tokens).size).toBe(9)
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  })

  it('are the same for the same run and key in every version, so links in messages keep working', () => {
    expect([statusTokenOf, controlTokenOf, progressTokenOf].map((token) => token(run, 'k1').slice(0, 8))).toEqual([
      'wVWP7_bs',
      'v2y_1BIc',
      'XpdG-99V',
    ])
  })

  it('need no escaping in a URL', () => {
    const url = new URL(statusUrlOf('https://abc.on.aws', run, statusTokenOf(run, 'k1')))
    expect(url.href).toBe(`https://abc.on.aws/runs/${run}?token=${statusTokenOf(run, 'k1')}`)
    expect(url.searchParams.get('token')).toBe(statusTokenOf(run, 'k1'))
  })

  it('do not contain the key', () => {
    for (const token of [statusTokenOf, controlTokenOf, progressTokenOf])
      expect(token(run, 'a-key-like-any')).not.toContain('a-key')
  })
})

describe('statuses', () => {
  it.each([
    ['queued', false],
    ['starting', false],
    ['running', false],
    ['succeeded', true],
    ['failed', true],
    ['cancelled', true],
    ['timed-out', true],
    ['failed-to-start', true],
  ] as const)('%s is terminal: %s', (status, terminal) => {
    expect(isTerminal(status)).toBe(terminal)
  })

  it('are eight', () => {
    expect(runStatuses).toHaveLength(8)
  })
})
