/** A value somewhere in a JSON body becomes another one, or its key does. */
import type { Chance } from './chance.ts'

type Body = Readonly<Record<string, unknown>>

const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'length', '', '\u0000', 'a.b', '${x}']
const texts = ['', ' ', '\u0000', '\ud800', '${event}', '../../etc', '<!channel>', '%00', '0x10', '1e999', '=1+1', '😀']
const numbers = [0, -0, -1, 1.5, 2 ** 53, 1e308, -1e308, 5e-324]

/** Put in after `JSON.stringify`, which would not write it, or would not come back. */
const marker = '\u0001raw\u0001'
const raws = [
  '1e999',
  `1${'0'.repeat(400)}`,
  '{"__proto__":{"polluted":true}}',
  '{"a":1,"a":2}',
  '"\\ud800\\ud800"',
  '[]',
  '{}',
]
/** Whatever recurses is found out by the last one, which is rare. */
const nested = (chance: Chance): string => {
  const depth = chance.percent(2) ? 100_000 : chance.pick([10, 500])
  return chance.percent(50) ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
}

/** @returns JSON text, most of the time */
export function mutatedJson(body: Body, chance: Chance): string {
  let raw = ''
  const another = (): unknown => {
    const kind = chance.integer(8)
    if (kind === 0) return null
    if (kind === 1) return chance.percent(50)
    if (kind === 2) return chance.pick(numbers)
    if (kind === 3) return chance.percent(2) ? 'x'.repeat(100_000) : chance.pick(texts)
    if (kind === 4) return [null, {}, 'x']
    if (kind === 5) return Object.fromEntries([[chance.pick(keys), 1]])
    raw = kind === 6 ? chance.pick(raws) : nested(chance)
    return marker
  }
  let mutated: unknown = body
  for (let times = 1 + chance.integer(3); times > 0; times--) mutated = changed(mutated, chance, another)
  // Of two markers both are replaced: the text is that of the last.
  const quoted = JSON.stringify(marker)
  return (JSON.stringify(mutated) ?? 'undefined').replaceAll(quoted, () => raw)
}

/** Goes down by chance, and changes what it finds there. Only what lies on the way is copied. */
function changed(value: unknown, chance: Chance, another: () => unknown): unknown {
  if (typeof value !== 'object' || value === null || chance.percent(8)) return another()
  const names = Object.keys(value)
  const name = names[chance.integer(names.length)]
  if (name === undefined) return another()
  if (Array.isArray(value)) return value.with(Number(name), changed(value[Number(name)], chance, another))
  const { [name]: inner, ...rest } = value as Body
  if (chance.percent(10)) return rest
  const key = chance.percent(10) ? chance.pick(keys) : name
  return Object.defineProperty(rest, key, { value: changed(inner, chance, another), enumerable: true })
}
