import { describe, expect, it } from 'vitest'
import { traceEnv, traceIdOf, traceOf } from '../../../src/core/model/trace.ts'

const id = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${id}-00f067aa0ba902b7-01`

describe('a trace', () => {
  it('is read unchanged', () => {
    const trace = traceOf({ traceparent, tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' })
    expect(trace).toEqual({ parent: traceparent, state: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' })
    expect(trace && traceIdOf(trace)).toBe(id)
    expect(trace && traceEnv(trace)).toEqual([
      { name: 'TRACEPARENT', value: traceparent },
      { name: 'TRACESTATE', value: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' },
    ])
  })
  it('may have no state', () => {
    expect(traceOf({ traceparent: ` ${traceparent} ` })).toEqual({ parent: traceparent })
    expect(traceEnv({ parent: traceparent })).toEqual([{ name: 'TRACEPARENT', value: traceparent }])
  })
  it('may have an id that begins with a zero', () => {
    const parent = `00-0${id.slice(1)}-00f067aa0ba902b7-01`
    expect(traceOf({ traceparent: parent })).toEqual({ parent })
  })
  it.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['another version', `01-${id}-00f067aa0ba902b7-01`],
    ['the invalid version', `ff-${id}-00f067aa0ba902b7-01`],
    ['capitals', `00-${id.toUpperCase()}-00f067aa0ba902b7-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent id of zeros', `00-${id}-${'0'.repeat(16)}-01`],
    ['an id that is too short', `00-${id.slice(1)}-00f067aa0ba902b7-01`],
    ['no flags', `00-${id}-00f067aa0ba902b7`],
    ['invalid flags', `00-${id}-00f067aa0ba902b7-0x`],
    ['more fields than there are', `${traceparent}-00`],
    ['two of them', `${traceparent},${traceparent}`],
    ['a line break', `${traceparent}\nx: y`],
  ])('is not read from %s', (_, value) => {
    expect(traceOf({ ...(value !== undefined && { traceparent: value }), tracestate: 'a=b' })).toBeUndefined()
  })
  it.each([
    ['empty', ' '],
    ['too long', 'a='.padEnd(513, 'x')],
    ['not ASCII', 'a=é'],
    ['a control character', 'a=\u0007'],
    ['a line break', 'a=b\nx: y'],
  ])('is read without its state if that is %s', (_, tracestate) => {
    expect(traceOf({ traceparent, tracestate })).toEqual({ parent: traceparent })
  })
  it('may have a state of 512 characters', () => {
    const tracestate = 'a='.padEnd(512, 'x')
    expect(traceOf({ traceparent, tracestate })).toEqual({ parent: traceparent, state: tracestate })
  })
})
