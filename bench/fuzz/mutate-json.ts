/** Replaces random values and keys of a JSON body. */
import type { RandomSource } from './random.ts'

type Body = Readonly<Record<string, unknown>>

const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'length', '', '\u0000', 'a.b', '${x}']
const texts = ['', ' ', '\u0000', '\ud800', '${event}', '../../etc', '<!channel>', '%00', '0x10', '1e999', '=1+1', '😀']
const numbers = [0, -0, -1, 1.5, 2 ** 53, 1e308, -1e308, 5e-324]

/** Replaced after `JSON.stringify`, which cannot write these texts or would overflow the stack. */
const marker = '\u0001raw\u0001'
const rawTexts = [
  '1e999',
  `1${'0'.repeat(400)}`,
  '{"__proto__":{"polluted":true}}',
  '{"a":1,"a":2}',
  '"\\ud800\\ud800"',
  '[]',
  '{}',
]
/** The deepest one finds recursion. It is rare, since it is slow. */
const nested = (random: RandomSource): string => {
  const depth = random.percent(2) ? 100_000 : random.pick([10, 500])
  return random.percent(50) ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
}

/** @returns text, usually of JSON */
export function mutateJson(body: Body, random: RandomSource): string {
  let raw = ''
  const newValue = (): unknown => {
    const kind = random.integer(8)
    if (kind === 0) return null
    if (kind === 1) return random.percent(50)
    if (kind === 2) return random.pick(numbers)
    if (kind === 3) return random.percent(2) ? 'x'.repeat(100_000) : random.pick(texts)
    if (kind === 4) return [null, {}, 'x']
    if (kind === 5) return Object.fromEntries([[random.pick(keys), 1]])
    raw = kind === 6 ? random.pick(rawTexts) : nested(random)
    return marker
  }
  let mutated: unknown = body
  for (let times = 1 + random.integer(3); times > 0; times--) mutated = mutate(mutated, random, newValue)
  // If there are two markers, both get the text of the last one.
  const quoted = JSON.stringify(marker)
  return (JSON.stringify(mutated) ?? 'undefined').replaceAll(quoted, () => raw)
}

/** Descends at random and changes what it finds. Only objects on the path are copied. */
function mutate(value: unknown, random: RandomSource, newValue: () => unknown): unknown {
  if (typeof value !== 'object' || value === null || random.percent(8)) return newValue()
  const names = Object.keys(value)
  const name = names[random.integer(names.length)]
  if (name === undefined) return newValue()
  if (Array.isArray(value)) return value.with(Number(name), mutate(value[Number(name)], random, newValue))
  const { [name]: inner, ...rest } = value as Body
  if (random.percent(10)) return rest
  const key = random.percent(10) ? random.pick(keys) : name
  return Object.defineProperty(rest, key, { value: mutate(inner, random, newValue), enumerable: true })
}
