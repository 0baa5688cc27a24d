import { describe, expect, it } from 'vitest'
import { parseCompiled } from '../../../src/core/model/compiled-config.ts'

describe('parseCompiled', () => {
  it.each([
    ['', 'the compiled config is not JSON: '],
    ['{', 'the compiled config is not JSON'],
    ['{}', 'the compiled config has version undefined; this taskhook reads 2'],
    ['{"version":3}', 'the compiled config has version 3; this taskhook reads 2'],
    ['{"version":"2"}', 'the compiled config has version 2; this taskhook reads 2'],
    ['[]', 'the compiled config has version undefined'],
    ['null', 'the compiled config has version undefined'],
  ])('rejects %j', (text, message) => {
    expect(() => parseCompiled(text)).toThrow(message)
  })

  it('rejects a config of version 1, whose keys had other names', () => {
    const old = { version: 1, sources: { github: { atTheDoor: ['token'] } }, tasks: {}, routes: [] }
    expect(() => parseCompiled(JSON.stringify(old))).toThrow(
      'the compiled config has version 1; this taskhook reads 2: run "taskhook build" again',
    )
  })

  it('says to build again, and keeps the cause of a syntax error', () => {
    expect(() => parseCompiled('{"version":3}')).toThrow(/reads 2: run "taskhook build" again$/)
    expect(() => parseCompiled('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }))
  })

  it('returns the config deeply frozen', () => {
    const config = parseCompiled('{"version":2,"routes":[{"id":"r"}]}')
    expect(config).toEqual({ version: 2, routes: [{ id: 'r' }] })
    expect(Object.isFrozen(config.routes[0])).toBe(true)
  })
})
