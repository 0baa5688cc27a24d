/** Texts that a pattern with too many ways through it is tried with. Pure. */
import type { RedosDetectorTrail } from 'redos-detector'

/** Something before, something over and over, and an end that spoils it. */
export interface RedosSample {
  readonly before: string
  readonly again: string
  readonly after: string
}
export type Trails = readonly RedosDetectorTrail[]

/** @param length about as long, and never longer than the once that it must have */
export const sampleText = ({ before, again, after }: RedosSample, length: number): string =>
  before + again.repeat(Math.max(1, Math.floor((length - before.length - after.length) / again.length))) + after

export const shownSample = ({ before, again, after }: RedosSample): string =>
  JSON.stringify(`${before}${again.repeat(Math.ceil(6 / again.length))}…${after}`)

/** The outermost repetition on a trail; what the detector puts in front of a pattern that is not anchored is none. */
export const partOf = (trails: Trails): string | undefined =>
  trails
    .flatMap(({ trail }) => trail.flatMap(({ a }) => a.quantifierIterations.map(({ node }) => node)))
    .filter(({ source }) => source !== '[^]*?')
    .toSorted((a, b) => a.start.offset - b.start.offset || b.end.offset - a.end.offset)[0]?.source

/** Along the detector's trails, and out of the pattern's own letters; the shortest first. @param own the pattern, without what is no letter */
export function samplesOf(trails: Trails, own: string): RedosSample[] {
  const ways = new Set(trails.slice(-20).map(wayOf))
  const pumps = [...fromLetters(ways.size === 0 ? own + common.join('') : own), ...[...ways].flatMap(pumpsOf)].map(
    ({ before, again }) => {
      return { before, again: rootOf(again) }
    },
  )
  const unique = new Map(pumps.map((pump) => [`${pump.before}\0${pump.again}`, pump]))
  return [...unique.values()]
    .filter(({ again }) => again !== '')
    .toSorted((a, b) => a.before.length + a.again.length - b.before.length - b.again.length)
    .flatMap((pump) => endings.map((after) => ({ ...pump, after })))
}

/** `.` and `$` stop at a line's end; few classes hold a control character. */
const endings = ['!', '\n', '\u0001', '']

type Pump = Pick<RedosSample, 'before' | 'again'>

/** The end of a way, in pieces of several sizes. */
const pumpsOf = (way: string): Pump[] =>
  [1, 2, 3, 4, 6, way.length].flatMap((size) =>
    [0, 1].map((rest) => {
      const end = way.length - rest
      const start = Math.max(0, end - size)
      return { before: way.slice(0, start), again: way.slice(start, end) }
    }),
  )

/** Each, and each row of them: a text that has all but the last keeps whoever looks for that one busy longest. */
function fromLetters(own: string): Pump[] {
  const letters = [...new Set(own)].slice(0, 8)
  const rows = letters.flatMap((_, from) => letters.slice(from).map((_, more) => letters.slice(from, from + more + 1)))
  const folders = letters.includes('/') ? rows.map((row) => `${row.filter((letter) => letter !== '/').join('/')}/`) : []
  return [...rows.map((row) => row.join('')), ...folders, ...new Set(own), 'a', ' ', '0'].map((again) => ({
    before: '',
    again,
  }))
}

/** "aa" again and again is "a" again and again. */
function rootOf(text: string): string {
  for (let size = 1; size <= text.length / 2; size++)
    if (text.length % size === 0 && text === text.slice(0, size).repeat(text.length / size)) return text.slice(0, size)
  return text
}

const wayOf = ({ trail }: RedosDetectorTrail): string =>
  trail.map(({ a, b }) => sharedOnce(a.node.source, b.node.source)).join('')

/** A trail has the same few over and over. */
const known = new Map<string, string>()

function sharedOnce(a: string, b: string): string {
  const key = `${a} ${b}`
  const shared = known.get(key) ?? sharedBy(a, b)
  known.set(key, shared)
  return shared
}

/** A character that both may read: each is a character, a class or an escape. */
function sharedBy(a: string, b: string): string {
  const [one, other] = [a, b].map(readerOf)
  return samples.find((char) => one?.test(char) && other?.test(char)) ?? (a.length === 1 ? a : 'a')
}

function readerOf(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    return undefined
  }
}

/**
 * What a pattern reads and its own text does not show: characters by their numbers, and of each class one that is in it (`[^a-z]`,
 * `\p{Script=Greek}`).
 */
export function lettersOf(source: string): string {
  const numbered = [...source.matchAll(/\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi)].map(
    ([, ...numbers]) => String.fromCodePoint(Math.min(Number.parseInt(numbers.join(''), 16), 0x10ffff)),
  )
  const classes = source.match(/\[(?:\\.|[^\]\\])*\]|\\p\{[^}]*\}|\\[ws]/gis) ?? []
  const inside = classes.map((each) => {
    const reader = readerOf(each)
    return samples.find((char) => reader?.test(char)) ?? ''
  })
  return [...new Set([...numbered, ...inside])].join('')
}

const common = [...'a0A _-./,:@!', ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)), ...'\t\né']
/** And of every script something. */
const samples = [
  ...common,
  ...Array.from({ length: 0x7fc }, (_, at) => String.fromCodePoint(at * 32 + 0x85)).filter(
    (char) => !/[\ud800-\udfff]/.test(char),
  ),
  ...'😀𐐀𠀀',
]
