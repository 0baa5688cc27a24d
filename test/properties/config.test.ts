/** Any config compiles, or is rejected with all its problems. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { ConfigError } from '../../src/config/config-error.ts'
import { parseCompiled } from '../../src/core/model/compiled-config.ts'
import { compileTemplate } from '../../src/core/routing/expression.ts'
import { whole } from '../config/whole.ts'
import { holds } from './holds.ts'

const compiles = (text: string): void => {
  try {
    const config = compileConfig(text, builtinSpecs)
    expect(parseCompiled(JSON.stringify(config))).toEqual(JSON.parse(JSON.stringify(config)))
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    for (const { message, path } of (error as ConfigError).problems) {
      expect(message).not.toBe('')
      expect(typeof path).toBe('string')
    }
    expect((error as ConfigError).problems.length).toBeGreaterThan(0)
  }
}

/** The paths of all values inside a value. */
const pathsOf = (value: unknown): (string | number)[][] =>
  typeof value !== 'object' || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [key, ...path]))]

function withChange(value: unknown, [key, ...rest]: readonly (string | number)[], change: unknown): unknown {
  if (key === undefined) return change
  const copy = structuredClone(value) as Record<string, unknown>
  copy[key] = withChange(copy[key], rest, change)
  return copy
}

describe('compileConfig', () => {
  it('compiles any text, or reports its problems', () =>
    holds(fc.property(fc.string({ unit: 'grapheme' }), compiles), 150))
  it('compiles any value, or reports its problems', () =>
    holds(
      fc.property(fc.jsonValue(), (value) => compiles(JSON.stringify(value))),
      150,
    ))
  it('compiles any value in any place of a valid config, or reports its problems', () => {
    const right: unknown = parse(whole)
    compiles(stringify(right))
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('${', '${a.b', '[', '*', '**', '!x', 'env:X', '(', '(a+)+$', 'event.x'),
    )
    const change = fc.tuple(fc.constantFrom(...pathsOf(right)), value)
    holds(
      fc.property(change, ([path, made]) => compiles(stringify(withChange(right, path, made)))),
      200,
    )
  })
})

describe('templates', () => {
  const scope = { event: { a: 1 }, body: { a: 1 }, source: 's', actor: 'a' }
  it('return text without an expression unchanged', () =>
    holds(
      fc.property(
        fc
          .string({ unit: fc.oneof(fc.constantFrom(...' ${}"\n'), fc.string({ unit: 'grapheme', maxLength: 1 })) })
          .filter((text) => !text.includes('${')),
        (text) => {
          expect(compileTemplate(text)(scope)).toBe(text)
        },
      ),
    ))
  it('fail with an error of one line', () => {
    const piece = fc.constantFrom(
      'event',
      '.a',
      '[0]',
      '(',
      ')',
      '"',
      "'",
      '}',
      '{',
      ' + ',
      '1',
      'all(x, x)',
      '?',
      ':',
      '\n',
      '.map(',
      'x',
    )
    holds(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        try {
          compileTemplate(`\${${pieces.join('')}}`)(scope)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
          expect((error as Error).message).toMatch(/^.+$/)
        }
      }),
      500,
    )
  })
})
