/** Parsers of text from outside accept any input, or reject it with a known error. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presets } from '../../src/adapters/hmac/presets.ts'
import { TaskhookError, Unauthorized } from '../../src/core/errors.ts'
import { isForm, parseForm } from '../../src/core/http/body.ts'
import { type FunctionUrlEvent, toHttpRequest } from '../../src/core/http/lambda-url.ts'
import { verifySignature } from '../../src/core/http/signature.ts'
import type { EcsTask } from '../../src/core/model/ecs-task.ts'
import { outcomeOf } from '../../src/core/model/outcome.ts'
import type { Param } from '../../src/core/model/param.ts'
import { parseParamText } from '../../src/core/model/parse-param-text.ts'
import { messageBody, parseMessage } from '../../src/core/model/queue-messages.ts'
import { runStatuses } from '../../src/core/model/run.ts'
import { resolveParams } from '../../src/core/routing/resolve-params.ts'
import { mac, signBody, signStandard, signStripe } from '../support/sign.ts'
import { holds } from './holds.ts'

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'a', 'n', 'b'))

/** Mostly characters that have a meaning in a command line. */
const commandLine = fc.string({
  unit: fc.oneof(fc.constantFrom(...'an=-—–:\'"\\ “”\t3'), fc.string({ unit: 'binary', maxLength: 1 })),
})

const params: Readonly<Record<string, Param>> = {
  a: { type: 'string', env: 'A', pattern: '^[a-z]*$', maxLength: 5 },
  n: { type: 'integer', env: 'N', min: -3, max: 7 },
  b: { type: 'boolean', env: 'B' },
}
const fits = (name: string, value: unknown): boolean =>
  name === 'a'
    ? typeof value === 'string' && /^[a-z]{0,5}$/.test(value)
    : name === 'n'
      ? Number.isInteger(value) && (value as number) >= -3 && (value as number) <= 7
      : name === 'b' && typeof value === 'boolean'

describe('resolveParams', () => {
  const value = fc.oneof(
    fc.anything(),
    fc.integer({ min: -5, max: 9 }),
    fc.stringMatching(/^[a-cB-]{0,7}$/),
    fc.boolean(),
  )
  const values = fc.oneof(
    fc.dictionary(key, value, { noNullPrototype: false }),
    fc.record({ a: value, n: value, b: value }, { requiredKeys: [] }),
  )
  const given = fc.oneof(
    commandLine.map((text) => ({ kind: 'text', text }) as const),
    fc.record({ kind: fc.constant('object' as const), values, textual: fc.boolean() }),
  )
  it('returns only declared parameters, with values of their declared types', () =>
    holds(
      fc.property(given, (all) => {
        const resolved = resolveParams(params, all)
        if (!resolved.ok) {
          expect(resolved.problems.length).toBeGreaterThan(0)
          return
        }
        for (const [name, passed] of Object.entries(resolved.values)) expect(fits(name, passed), name).toBe(true)
      }),
      3000,
    ))
  it('accepts values of the declared types', () =>
    holds(
      fc.property(fc.stringMatching(/^[a-z]{0,5}$/), fc.integer({ min: -3, max: 7 }), fc.boolean(), (a, n, b) => {
        const values = { a, n, b }
        expect(resolveParams(params, { kind: 'object', values, textual: false })).toEqual({ ok: true, values })
      }),
    ))
})

describe('parseParamText', () => {
  it('reads any text into an object without a prototype', () =>
    holds(
      fc.property(commandLine, (text) => {
        const { named } = parseParamText(text, params)
        expect(Object.getPrototypeOf(named)).toBeNull()
      }),
    ))
  it('returns a quoted value unchanged', () =>
    holds(
      fc.property(fc.stringMatching(/^[A-Za-z_][\w-]{0,20}$/), commandLine, (name, value) => {
        const text = `${name}="${value.replace(/["'\\]/g, '\\$&')}"`
        const { named, slips } = parseParamText(text, {})
        expect(slips).toEqual([])
        expect(named[name]).toBe(value)
      }),
    ))
})

describe('a form', () => {
  it('is parsed like URLSearchParams, and the first of repeated fields counts', () =>
    holds(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (pairs) => {
        const text = new URLSearchParams(pairs).toString()
        const theirs = new URLSearchParams(text)
        const ours = parseForm(text)
        expect(Object.keys(ours).toSorted()).toEqual([...new Set(theirs.keys())].toSorted())
        for (const name of theirs.keys()) expect(ours[name]).toBe(theirs.get(name))
      }),
    ))
  it('is never JSON', () =>
    holds(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), fc.string()),
        (value) => {
          const headers = { 'content-type': 'application/x-www-form-urlencoded' }
          expect(isForm({ headers }, JSON.stringify(value))).toBe(false)
        },
      ),
    ))
})

it('toHttpRequest reads any event, or throws a TaskhookError', () => {
  const event = fc.record(
    {
      rawPath: fc.string(),
      rawQueryString: fc.string(),
      headers: fc.dictionary(key, fc.option(fc.string(), { nil: undefined })),
      body: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), { nil: null }),
      isBase64Encoded: fc.boolean(),
      requestContext: fc.record(
        { domainName: fc.string(), http: fc.record({ method: fc.string() }) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  holds(
    fc.property(event, (made) => {
      try {
        expect(toHttpRequest(made as FunctionUrlEvent).body).toBeInstanceOf(Uint8Array)
      } catch (error) {
        expect(error).toBeInstanceOf(TaskhookError)
      }
    }),
  )
})

it('parseMessage returns a message that it reads again unchanged, or undefined', () => {
  const run = '0123456789abcdef0123'
  const command = fc.record(
    {
      verb: fc.oneof(
        fc.constantFrom('start', 'tell', 'cancel', 'reject', 'approve', 'progress', 'errand'),
        fc.anything(),
      ),
      run: fc.constantFrom(run, 'x'),
      by: fc.oneof(fc.string(), fc.anything()),
      actor: fc.oneof(fc.string(), fc.anything()),
      report: fc.oneof(fc.jsonValue(), fc.record({ percent: fc.nat() })),
      at: fc.oneof(fc.nat(), fc.jsonValue()),
      ...{ source: fc.jsonValue(), what: fc.jsonValue(), key: fc.string(), origin: fc.string() },
    },
    { requiredKeys: [] },
  )
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    command.map((made) => {
      try {
        return JSON.stringify(made)
      } catch {
        return ''
      }
    }),
  )
  holds(
    fc.property(texts, (text) => {
      const read = parseMessage(text)
      if (read !== undefined) expect(parseMessage(messageBody(read))).toEqual(read)
    }),
    1000,
  )
})

it('outcomeOf returns a status for any task, and succeeded only if the named container exits with 0', () => {
  const task = fc.record(
    {
      taskArn: fc.string(),
      lastStatus: fc.constantFrom('STOPPED', 'STOPPED', 'RUNNING', 'PENDING', 'DEACTIVATING', 'x'),
      stopCode: fc.constantFrom(
        'TaskFailedToStart',
        'EssentialContainerExited',
        'UserInitiated',
        'SpotInterruption',
        'x',
      ),
      stoppedReason: fc.oneof(fc.string(), fc.constantFrom('taskhook: timed out', 'taskhook: cancelled by ann')),
      version: fc.nat(),
      startedAt: fc.date({ noInvalidDate: true }),
      containers: fc.array(
        fc.record(
          {
            name: fc.constantFrom('app', 'aws-guardduty-agent'),
            exitCode: fc.constantFrom(0, 1, 137),
            reason: fc.string(),
          },
          { requiredKeys: ['name'] },
        ),
      ),
    },
    { requiredKeys: [] },
  )
  holds(
    fc.property(task, (made) => {
      const { status, exitCode } = outcomeOf('r', made as EcsTask, 'app')
      expect(runStatuses).toContain(status)
      if (status !== 'succeeded') return
      expect(exitCode).toBe(0)
      expect(made.containers?.find(({ name }) => name === 'app')?.exitCode).toBe(0)
    }),
    1000,
  )
})

describe('verifySignature accepts what is signed as documented, and rejects it with any bit flipped', () => {
  const seconds = 1_700_000_000
  const secret = `whsec_${Buffer.from('a key of some length').toString('base64')}`
  const signs: Record<string, (body: Uint8Array, id: string) => Readonly<Record<string, string>>> = {
    'standard-webhooks': (body, id) => signStandard(body, secret, id, seconds),
    stripe: (body) => signStripe(body, secret, seconds),
    github: (body) => signBody(body, 'x-hub-signature-256', 'sha256=', { key: secret }),
    shopify: (body) => signBody(body, 'x-shopify-hmac-sha256', '', { key: secret, encoding: 'base64' }),
    gitea: (body) => ({ 'x-gitea-signature': mac({ key: secret }, body) }),
  }
  const flip = (bytes: Uint8Array, bit: number): Buffer => {
    const flipped = Buffer.from(bytes)
    const at = Math.floor(bit / 8) % flipped.length
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8))
    return flipped
  }
  const verify = (preset: string, headers: Readonly<Record<string, string>>, body: Uint8Array) => {
    const request = { method: 'POST', path: '/x', query: new URLSearchParams(), headers, body, origin: '' }
    return verifySignature(presets[preset as keyof typeof presets], request, [secret], seconds * 1000)
  }
  it.each(Object.keys(signs))('%s', (preset) =>
    holds(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.stringMatching(/^[a-z0-9_-]{1,30}$/),
        fc.nat(),
        fc.nat(),
        (body, id, bit, which) => {
          const headers = signs[preset]?.(body, id) ?? {}
          expect(verify(preset, headers, body).body).toEqual(body)
          expect(() => verify(preset, headers, flip(body, bit))).toThrow(Unauthorized)
          const names = Object.keys(headers)
          const name = names[which % names.length] ?? ''
          const changed = flip(Buffer.from(headers[name] ?? ''), bit).toString('latin1')
          // A hexadecimal digit has the same value in upper case.
          if (changed.toLowerCase() === headers[name]?.toLowerCase() && !/base64|standard|shopify/.test(preset)) return
          expect(() => verify(preset, { ...headers, [name]: changed }, body)).toThrow(Unauthorized)
        },
      ),
      150,
    ),
  )
})
