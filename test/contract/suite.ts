/** What every adapter must do, whoever its sender is. `describeAdapter(name, …)` is the whole test of an adapter's promises. */
import { describe, expect, it } from 'vitest'
import type { Adapter, Answer, Json, RunView, SenderTools, Translation } from '../../src/core/adapter.ts'
import { BadRequest, Unauthorized } from '../../src/core/errors.ts'
import { parseStoredAddress } from '../../src/core/lifecycle/parse-stored.ts'
import { runStatuses } from '../../src/core/model/run.ts'
import type { Body, Headers } from '../support/sign.ts'
import { requestOf } from './request.ts'

export interface Recording {
  readonly name: string
  readonly body: Body
  /** What the sender sends beside the proof. */
  readonly headers?: Headers
}

export interface Contract {
  readonly adapter: Adapter
  readonly secrets: { readonly current: string; readonly previous: string; readonly wrong: string }
  /** The headers that prove a recording. @param seconds since the epoch, where the sender signs a time */
  sign(recording: Recording, secret: string, seconds: number): Headers
  /** Deliveries that ask for a run (or for help), all of them different. */
  readonly recordings: readonly [Recording, Recording, ...Recording[]]
  /** Proven deliveries that nobody wants a run for: a handshake, a strange event. */
  readonly uninteresting?: readonly Recording[]
  /** Proven deliveries that cannot be read. */
  readonly unreadable: readonly Recording[]
  /** Headers without which nothing is proven; the first holds the signature. */
  readonly proof: readonly [string, ...string[]]
  /** How far a signed time may be off, in seconds; left out where no time is signed. */
  readonly tolerance?: number
  /** The scheme's own signature header is a list, so a repeated one is just a longer list. */
  readonly lists?: true
  /** The sender signs nothing and sends the secret itself. */
  readonly token?: true
  /** What tells deliveries apart: something signed, or nothing (then the Idempotency-Key does, where it is sent). */
  readonly identity: 'signed' | 'nothing'
}

const seconds = 1_772_359_200
const now = seconds * 1000
const refusal = expect.objectContaining({ name: 'Unauthorized', code: 'unauthorized', message: 'invalid signature' })

export function describeAdapter(name: string, contract: Contract): void {
  const { adapter, secrets, recordings, proof, tolerance } = contract
  const [first] = recordings
  const signs = contract.token !== true
  const signed = (recording: Recording, secret = secrets.current, at = seconds): Headers => ({
    ...recording.headers,
    ...contract.sign(recording, secret, at),
  })
  // Async, so that a verify that throws and one that rejects look the same.
  const verify = async (body: Body, headers: Headers, known = [secrets.current], at = now) =>
    adapter.verify(requestOf(body, headers), known, at)
  const proven = (recording: Recording) => verify(recording.body, signed(recording))
  const translated = async (recording: Recording): Promise<Translation> => adapter.translate(await proven(recording))
  const without = (headers: Headers, header: string): Headers =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== header))

  describe(`${name}: proof`, () => {
    it.each(recordings)('$name passes, byte for byte', async (recording) => {
      const { body } = await proven(recording)
      expect(Buffer.from(body).equals(Buffer.from(recording.body))).toBe(true)
    })

    it.each(signs ? recordings : [])('$name is refused with one bit flipped anywhere', async (recording) => {
      const bytes = Buffer.from(recording.body)
      for (const at of positions(bytes.length)) {
        const flipped = Buffer.from(bytes)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
        await expect(verify(flipped, signed(recording)), `bit of byte ${at}`).rejects.toThrow(refusal)
      }
    })

    it.each(proof)('is refused with one character changed in %s', async (header) => {
      const headers = signed(first)
      const value = headers[header] ?? ''
      for (let at = 0; at < value.length; at++) {
        const changed = value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1)
        await expect(verify(first.body, { ...headers, [header]: changed }), changed).rejects.toThrow(refusal)
      }
    })

    it.each(proof)('is refused without %s, or with an empty one', async (header) => {
      const headers = signed(first)
      await expect(verify(first.body, without(headers, header))).rejects.toThrow(refusal)
      await expect(verify(first.body, { ...headers, [header]: '' })).rejects.toThrow(refusal)
    })

    it.each(proof)('is refused with %s twice, as AWS joins headers', async (header) => {
      const headers = signed(first)
      const twice = verify(first.body, { ...headers, [header]: `${headers[header]},${headers[header]}` })
      if (contract.lists && header === proof[0]) await expect(twice).resolves.toMatchObject({ method: 'POST' })
      else await expect(twice).rejects.toThrow(refusal)
    })

    it.each(['garbage!', 'sha256=', 'v0=', '0', ' ', '%', 'é', '\u0000', 'x'.repeat(10_000)])(
      'is refused with %.20j for a signature',
      async (value) => {
        await expect(verify(first.body, { ...signed(first), [proof[0]]: value })).rejects.toThrow(refusal)
      },
    )

    if (signs)
      it('is refused with another body, though it is a good delivery of its own', async () => {
        for (const other of recordings.slice(1)) {
          await expect(verify(other.body, signed(first))).rejects.toThrow(refusal)
        }
      })

    it('is refused with another secret, and with none', async () => {
      await expect(verify(first.body, signed(first, secrets.wrong))).rejects.toThrow(refusal)
      await expect(verify(first.body, signed(first), [secrets.wrong])).rejects.toThrow(refusal)
      await expect(verify(first.body, signed(first), [])).rejects.toThrow(refusal)
    })

    it('passes with the current and with the previous secret', async () => {
      const both = [secrets.current, secrets.previous]
      for (const secret of both) {
        await expect(verify(first.body, signed(first, secret), both)).resolves.toMatchObject({ method: 'POST' })
      }
      await expect(verify(first.body, signed(first, secrets.previous))).rejects.toThrow(refusal)
    })

    it.each(
      tolerance === undefined
        ? []
        : [
            [-86_400, false],
            [-tolerance - 1, false],
            [-tolerance, true],
            [0, true],
            [tolerance, true],
            [tolerance + 1, false],
            [86_400, false],
          ],
    )('signed %d s off the clock: %s', async (off, good) => {
      const sent = verify(first.body, signed(first, secrets.current, seconds + Number(off)))
      if (good) await expect(sent).resolves.toMatchObject({ method: 'POST' })
      else await expect(sent).rejects.toThrow(refusal)
    })

    it.each(['', '{', Uint8Array.from([0xff, 0xfe]), '\0', 'payload=%zz'])(
      'throws Unauthorized and nothing else, whatever comes: %j',
      async (body) => {
        const unproven = [{}, { [proof[0]]: 'x' }, { 'content-type': 'application/json' }]
        for (const headers of signs ? [...unproven, signed(first)] : unproven) {
          await expect(verify(body, headers)).rejects.toThrow(Unauthorized)
        }
      },
    )
  })

  describe(`${name}: delivery key`, () => {
    const keyOf = async (recording: Recording, more: Headers = {}, at = seconds) =>
      (await verify(recording.body, { ...signed(recording, secrets.current, at), ...more })).deliveryKey

    const told = contract.identity === 'signed'

    if (told)
      it('is the same for the same delivery, whatever its unsigned headers say', async () => {
        const noise = { 'x-github-delivery': 'other', 'idempotency-key': 'other', 'x-request-id': 'other' }
        expect(await keyOf(first)).toEqual(expect.stringMatching(/./))
        expect(await keyOf(first, noise)).toBe(await keyOf(first))
      })

    it('is the same whichever secret proved it', async () => {
      const previous = await verify(first.body, signed(first, secrets.previous), [secrets.previous])
      expect(previous.deliveryKey).toBe(told ? await keyOf(first) : undefined)
    })

    it('is another for another delivery', async () => {
      const keys = await Promise.all(recordings.map((recording) => keyOf(recording)))
      expect(new Set(keys).size).toBe(told ? recordings.length : 1)
      expect(keys.includes(undefined)).toBe(!told)
    })

    if (!told)
      it('is the Idempotency-Key, where nothing that is signed tells', async () => {
        const [a, again, b] = [{ 'idempotency-key': 'a' }, { 'idempotency-key': 'a' }, { 'idempotency-key': 'b' }]
        expect(await keyOf(first, a)).toBe(await keyOf(first, again))
        expect(await keyOf(first, a)).not.toBe(await keyOf(first, b))
      })
  })

  describe(`${name}: translation`, () => {
    it.each(recordings)('$name is a run or a cry for help', async (recording) => {
      expect(['run', 'help']).toContain((await translated(recording)).kind)
    })

    it.each(contract.uninteresting ?? [])('$name is no run, and no error', async (recording) => {
      expect(['ignore', 'reply']).toContain((await translated(recording)).kind)
    })

    it.each(contract.unreadable)('$name is a bad request', async (recording) => {
      await expect(translated(recording)).rejects.toThrow(BadRequest)
    })

    it.each(strangers)('$name is understood, ignored or a bad request, and nothing else', async (stranger) => {
      const outcome = await proven({ ...stranger, headers: { ...first.headers, ...stranger.headers } })
        .then((request) => adapter.translate(request))
        .then(
          ({ kind }) => kind,
          (error: Error) => error.name,
        )
      expect(['run', 'help', 'reply', 'ignore', 'BadRequest', 'Unauthorized']).toContain(outcome)
    })

    it.each(recordings)('$name is the same twice, and leaves the request as it was', async (recording) => {
      const request = await proven(recording)
      const before = structuredClone({ headers: { ...request.headers }, body: Buffer.from(request.body).toString() })
      expect(await adapter.translate(request)).toEqual(await adapter.translate(request))
      expect({ headers: { ...request.headers }, body: Buffer.from(request.body).toString() }).toEqual(before)
    })

    it.each(recordings)('$name: what answers it can be stored as JSON', async (recording) => {
      const translation = await translated(recording)
      const replyAddress = 'trigger' in translation ? translation.trigger.replyAddress : null
      expect(JSON.parse(JSON.stringify(replyAddress))).toEqual(replyAddress)
      expect(parseStoredAddress(adapter, replyAddress)).toEqual(replyAddress)
    })

    it.each(recordings)('$name tells who, what and which in few printable words', async (recording) => {
      const translation = await translated(recording)
      if (!('trigger' in translation)) throw new Error('no trigger')
      const { event, actor, deliveryId } = translation.trigger
      expect([event, actor]).toEqual([expect.stringMatching(/^\S{1,100}$/), expect.stringMatching(/^\S{1,100}$/)])
      expect(deliveryId.length).toBeLessThanOrEqual(100)
    })
  })

  describe(`${name}: secrets`, () => {
    const proofs = (recording: Recording) => Object.values(contract.sign(recording, secrets.current, seconds))
    const telling = (recording: Recording) => [
      ...Object.values(secrets),
      ...proofs(recording).flatMap((value) => value.match(/[\w+/=-]{20,}/g) ?? []),
    ]

    it.each([...recordings, ...(contract.uninteresting ?? [])])('$name: none in the translation', async (recording) => {
      const text = JSON.stringify(await translated(recording))
      for (const secret of telling(recording)) expect(text).not.toContain(secret)
    })

    it('none in an error, its reason or its cause', async () => {
      const headers = signed(first)
      const attempts = [
        verify(first.body, headers, [secrets.wrong]),
        verify(first.body, signed(first, secrets.wrong)),
        verify(`${first.body}x`, headers, signs ? [secrets.current] : [secrets.wrong]),
        verify(first.body, without(headers, proof[0])),
        ...contract.unreadable.map(translated),
      ]
      for (const attempt of attempts) {
        const error = await attempt.then(
          () => expect.unreachable('it was taken'),
          (thrown: Error & { reason?: string }) => thrown,
        )
        const text = [error.message, error.reason, error.cause, error.stack?.split('\n')[0]].map(String).join(' ')
        for (const secret of telling(first)) expect(text).not.toContain(secret)
      }
    })
  })

  describe(`${name}: acknowledge`, () => {
    it.each(runStatuses)('%s: says nothing where there is nobody to tell', async (status) => {
      const { tools, calls } = recorder()
      for (const replyAddress of [
        null,
        {},
        [],
        'x',
        3,
        { responseUrl: null },
        { repository: 'a', sha: null },
      ] as Json[]) {
        await expect(
          adapter.updateStatus(parseStoredAddress(adapter, replyAddress), viewOf(status), tools),
        ).resolves.toBeUndefined()
      }
      expect(calls).toEqual([])
    })

    it.each(runStatuses)('%s: sends no secret in a body or an address', async (status) => {
      const { tools, calls } = recorder()
      for (const recording of recordings) {
        const translation = await translated(recording)
        const replyAddress = 'trigger' in translation ? translation.trigger.replyAddress : null
        await adapter.updateStatus(parseStoredAddress(adapter, replyAddress), viewOf(status), tools)
      }
      for (const { url, body } of calls) {
        expect(url).toMatch(/^https:/)
        for (const secret of [...Object.values(secrets), token]) expect(url + body).not.toContain(secret)
        // What is only asked for has none.
        if (body !== '') expect(() => JSON.parse(body)).not.toThrow()
      }
    })

    it('a sender that cannot be reached is an error without secrets, so that it is tried again', async () => {
      const translation = await translated(first)
      const replyAddress = 'trigger' in translation ? translation.trigger.replyAddress : null
      const { tools, calls } = recorder(500)
      const told = await adapter.updateStatus(replyAddress, viewOf('succeeded'), tools).then(
        () => 'told',
        (error: Error) => error.message,
      )
      if (calls.length > 0) expect(told).not.toBe('told')
      for (const secret of [...Object.values(secrets), token]) expect(told).not.toContain(secret)
      for (const { url } of calls) expect(told).not.toContain(url)
    })
  })

  const { httpReply } = adapter
  if (httpReply === undefined) return

  describe(`${name}: reply`, () => {
    it.each(answers)('$kind, in words of its own', (answer) => {
      const { status, body } = httpReply(answer, null) ?? { status: 0, body: '' }
      expect(status).toBe(200)
      expect(() => JSON.parse(body)).not.toThrow()
      for (const secret of [...Object.values(secrets), token]) expect(body).not.toContain(secret)
    })
  })
}

/** All positions of something short, 64 spread over something long, its ends included. */
const positions = (length: number): number[] =>
  length <= 64
    ? Array.from({ length }, (_, at) => at)
    : Array.from({ length: 64 }, (_, at) => Math.round((at * (length - 1)) / 63))

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
const strangers: readonly Recording[] = [
  ...['', ' ', '{', 'null', 'true', '3', '"x"', '[]', '{}', '{"a":1}', '\ufeff{}', '[[[]]]', 'NaN', deep].map(
    (body): Recording => ({ name: `JSON ${body.slice(0, 8)}`, body, headers: json }),
  ),
  ...[
    '',
    'a',
    'a=1',
    'a=%zz',
    'payload=',
    'payload=null',
    'payload=%7B',
    'payload=%5B%5D',
    'payload=%7B%7D',
    'command=',
  ].map((body): Recording => ({ name: `form ${body}`, body, headers: form })),
  ...[
    'command=%2Fx',
    'command=%2Fx&user_id=',
    'ssl_check=1',
    'ssl_check=0&command=%2Fx&user_id=U',
    '__proto__=1&constructor=2',
  ].map((body): Recording => ({ name: `form ${body}`, body, headers: form })),
  ...[
    '{"type":"url_verification"}',
    '{"type":"event_callback"}',
    '{"type":"event_callback","event":null}',
    '{"type":"block_actions"}',
    '{"type":"block_actions","actions":[]}',
    '{"type":"view_submission","view":{}}',
    '{"command":"/x"}',
    '{"command":"/x","user_id":3}',
    '{"command":{},"user_id":"U"}',
    '{"action":{"toString":1}}',
    '{"ref":3,"commits":"x","repository":null,"sender":[]}',
    '{"__proto__":{"kind":"run"},"constructor":{"prototype":{}}}',
  ].map((body): Recording => ({ name: `JSON ${body}`, body, headers: json })),
  ...['multipart/form-data; boundary=x', 'text/plain', 'application/xml', ''].map(
    (type): Recording => ({ name: `{} as ${type || 'nothing'}`, body: '{}', headers: { 'content-type': type } }),
  ),
  { name: 'bytes that are not text', body: Uint8Array.from([0x7b, 0xff, 0x7d]), headers: json },
  { name: 'bytes that are not text in a form', body: Uint8Array.from([0x61, 0x3d, 0xff]), headers: form },
]

const token = 'ghs_TokenThatSpeaksToTheSender'

function recorder(status = 200) {
  const calls: { url: string; body: string; headers: Headers }[] = []
  const record: typeof fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers).entries())
    calls.push({ url: String(input), body: String(init?.body ?? ''), headers })
    return Response.json({ id: 1, ok: status < 400, ts: '1.1', channel: 'C1' }, { status })
  }
  const tools: SenderTools = {
    fetch: record,
    fetchPublic: record,
    token: async () => token,
    now: () => Date.parse('2026-03-01T10:02:00.000Z'),
  }
  return { tools, calls }
}

const viewOf = (status: RunView['status']): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status,
  params: { dataset: 'sales & <!channel>', depth: 3 },
  statusUrl: 'https://abc.lambda-url.eu-west-1.on.aws/runs/0123456789abcdef0123?token=status-token',
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:10.000Z',
  stoppedAt: '2026-03-01T10:01:22.000Z',
  exitCode: 1,
  reason: 'the container exited with 1',
})

const answers: readonly Answer[] = [
  { kind: 'accepted', runs: [viewOf('queued')], fresh: true },
  { kind: 'accepted', runs: [viewOf('running'), viewOf('queued')], fresh: false },
  { kind: 'ignored', reason: 'no route takes /x' },
  { kind: 'recent', runs: [viewOf('succeeded'), viewOf('running')] },
  { kind: 'recent', runs: [] },
  ...(['cancel', 'rerun', 'show'] as const).map(
    (verb): Answer => ({ kind: 'action', verb, by: 'ann <!here>', run: viewOf('running') }),
  ),
  { kind: 'help', command: '/x', tasks: [{ task: 'analyze', params: { depth: { type: 'integer', env: 'DEPTH' } } }] },
  { kind: 'refused', status: 422, title: 'wrong', problems: [{ path: 'depth', message: 'is 99' }] },
  { kind: 'refused', status: 500, title: 'taskhook failed; its log says why', problems: [] },
]
