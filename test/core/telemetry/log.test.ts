import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { createLog } from '../../../src/core/telemetry/log.ts'
import type { DeliveryEntry, RunEntry } from '../../../src/core/telemetry/log-entries.ts'

function recorded(level: string | undefined = undefined) {
  const lines: string[] = []
  const log = createLog(level, { write: (line) => void lines.push(line) })
  return { log, lines, entry: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? 'null') }
}

const delivery: DeliveryEntry = {
  source: 'github',
  outcome: 'accepted',
  status: 202,
  bytes: 7312,
  ms: 12,
  event: 'push',
  delivery: '1f0e',
  actor: 'ann',
  runs: ['0123456789abcdef0123'],
  reason: 'r',
  routes: [{ route: 'github/analyze', matched: true, because: 'every filter matched' }],
}
const run: RunEntry = {
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'failed',
  taskArn: 'arn',
  attempt: 1,
  exitCode: 3,
  reason: 'r',
}
/** Fields that a caller could pass by mistake. */
const forbidden = { body: 'SECRET', headers: { authorization: 'SECRET' }, secret: 'SECRET', env: { TOKEN: 'SECRET' } }

describe('a log line', () => {
  it('has only the allowed fields of a delivery', () => {
    const { log, lines, entry } = recorded()
    log.delivery({ ...delivery, ...forbidden } as DeliveryEntry)
    const { time, ...rest } = entry()
    expect(rest).toEqual({ level: 'info', msg: 'delivery accepted', ...delivery })
    expect(new Date(String(time)).toISOString()).toBe(time)
    expect(lines.join()).not.toContain('SECRET')
  })

  it('has only the allowed fields of a run', () => {
    const { log, lines, entry } = recorded()
    log.run({ ...run, ...forbidden } as RunEntry)
    const { time: _, ...rest } = entry()
    expect(rest).toEqual({ level: 'info', msg: 'run failed', ...run })
    expect(lines.join()).not.toContain('SECRET')
  })

  it.each(['warn', 'error'] as const)('has only the allowed fields of a %s', (level) => {
    const { log, lines, entry } = recorded()
    const error = Object.assign(new TypeError('fetch failed', { cause: new Error('refused') }), forbidden)
    log[level]('could not', { run: 'r', source: 's', error, ...forbidden } as Parameters<typeof log.warn>[1])
    const { time: _, ...rest } = entry()
    expect(rest).toEqual({
      level,
      msg: 'could not',
      run: 'r',
      source: 's',
      error: 'fetch failed',
      type: 'TypeError',
      cause: 'refused',
    })
    expect(lines.join()).not.toContain('SECRET')
  })

  it('omits absent fields', () => {
    const { log, entry } = recorded()
    log.warn('only words')
    expect(Object.keys(entry()).sort()).toEqual(['level', 'msg', 'time'])
    log.delivery({ source: 's', outcome: 'ignored', status: 200, bytes: 1, ms: 1 })
    expect(Object.keys(entry()).sort()).toEqual(['bytes', 'level', 'ms', 'msg', 'outcome', 'source', 'status', 'time'])
  })

  it.each([
    [new Error('POST https://hooks.slack.com/commands/T1/2/SECRET failed'), 'POST <url> failed'],
    [new Error("connect 'http://user:SECRET@x.org/a?b=SECRET' refused"), "connect '<url>' refused"],
    ['see https://x.org/SECRET', 'see <url>'],
    [new Error('no address here'), 'no address here'],
  ])('replaces the URLs of %s', (error, words) => {
    const { log, lines, entry } = recorded()
    log.error('x', { error })
    log.error('x', { error: new Error('outer', { cause: error }) })
    expect(entry()).toMatchObject({ error: 'outer', cause: words })
    expect(lines.join()).not.toContain('SECRET')
  })

  it.each([
    ['string', 'thrown text'],
    ['number', 3],
    ['object', null],
  ])('accepts a thrown %s', (type, error) => {
    const { log, entry } = recorded()
    log.error('x', { error })
    expect(entry()).toMatchObject({ error: String(error), type })
  })

  it('has no stack trace', () => {
    const { log, lines } = recorded()
    log.error('x', { error: new Error('y') })
    expect(lines.join()).not.toContain(import.meta.filename)
  })

  it('stays one line if a field contains a newline', () => {
    const { log, lines } = recorded()
    log.delivery({ ...delivery, actor: 'ann\n{"level":"error"}' })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('levels', () => {
  it.each([
    ['accepted', 'info'],
    ['duplicate', 'info'],
    ['ignored', 'info'],
    ['refused', 'info'],
    ['unauthorized', 'warn'],
    ['failed', 'error'],
  ] as const)('logs %s as %s', (outcome, level) => {
    const { log, entry } = recorded()
    log.delivery({ ...delivery, outcome })
    expect(entry()).toMatchObject({ level, outcome })
  })

  it.each([
    [undefined, 1],
    ['info', 1],
    ['debug', 1],
    ['nonsense', 1],
    ['warn', 0],
    ['silent', 0],
  ])('LOG_LEVEL %s writes %d lines', (level, count) => {
    const { log, lines } = recorded(level)
    log.run(run)
    expect(lines).toHaveLength(count)
  })
})

it('writes synchronously, since Lambda freezes the process after the handler', () => {
  const script = `
    import { createLog } from ${JSON.stringify(new URL('../../../src/core/telemetry/log.ts', import.meta.url).href)}
    const log = createLog('info')
    for (let at = 0; at < 3; at++) log.warn('line ' + at)
    process.kill(process.pid, 'SIGKILL')`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['line 0', 'line 1', 'line 2'])
})
