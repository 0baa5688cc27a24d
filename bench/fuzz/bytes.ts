/** A body on the wire, broken by byte. */
import type { Chance } from './chance.ts'

const pieces = ['\u0000', '\ufeff', '%', '%zz', '%ff', '&', '=', '"', '\\', '{', ']', '😀'].map((text) =>
  Buffer.from(text),
)
const notUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]].map((bytes) => Buffer.from(bytes))
const wholes = [
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
const million = 1_000_000

export function brokenBytes(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.integer(bytes.length + 1)
  const insert = (what: Uint8Array): Buffer => Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)])
  switch (chance.integer(7)) {
    case 0:
      return flipped(bytes, chance)
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return bytes.subarray(at)
    case 3:
      return insert(chance.pick(pieces))
    case 4:
      return insert(chance.pick(notUtf8))
    case 5:
      return insert(bytes.subarray(at, at + 200))
    default:
      return Buffer.from(chance.pick(wholes))
  }
}

function flipped(bytes: Buffer, chance: Chance): Buffer {
  const copy = Buffer.from(bytes)
  for (let times = 1 + chance.integer(4); times > 0 && copy.length > 0; times--) {
    const at = chance.integer(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.integer(8))
  }
  return copy
}

/** A megabyte, of JSON that is right, or of brackets that are never closed. */
export const huge = (chance: Chance): Buffer =>
  Buffer.from(chance.percent(50) ? `{"dataset":"${'x'.repeat(million)}"}` : '['.repeat(million))
