/** Corrupts the bytes of a body, or replaces all of it. */
import type { RandomSource } from './random.ts'

const pieces = ['\u0000', '\ufeff', '%', '%zz', '%ff', '&', '=', '"', '\\', '{', ']', '😀'].map((text) =>
  Buffer.from(text),
)
const notUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]].map((bytes) => Buffer.from(bytes))
const wholeBodies = [
  '',
  ' ',
  'null',
  '[]',
  '123',
  '"text"',
  'true',
  '{}',
  '{',
  '[[',
  'payload=',
  'payload=%7B',
  'a',
  '\u0000',
]
const megabyte = 1_000_000

export function corruptBytes(bytes: Buffer, random: RandomSource): Buffer {
  const at = random.integer(bytes.length + 1)
  const insert = (piece: Uint8Array): Buffer => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
  switch (random.integer(7)) {
    case 0:
      return flipBits(bytes, random)
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return bytes.subarray(at)
    case 3:
      return insert(random.pick(pieces))
    case 4:
      return insert(random.pick(notUtf8))
    case 5:
      return insert(bytes.subarray(at, at + 200))
    default:
      return Buffer.from(random.pick(wholeBodies))
  }
}

function flipBits(bytes: Buffer, random: RandomSource): Buffer {
  const copy = Buffer.from(bytes)
  for (let times = 1 + random.integer(4); times > 0 && copy.length > 0; times--) {
    const at = random.integer(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(8))
  }
  return copy
}

/** A megabyte of valid JSON, or of brackets that are never closed. */
export const hugeBody = (random: RandomSource): Buffer =>
  Buffer.from(random.percent(50) ? `{"dataset":"${'x'.repeat(megabyte)}"}` : '['.repeat(megabyte))
