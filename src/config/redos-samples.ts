/** Texts that are likely to slow a pattern down. Pure. */
import type { RedosDetectorTrail } from 'redos-detector'
import { commonCharacters, sharedCharacter } from './sample-characters.ts'

/** A prefix, something repeated, and a suffix that prevents a match. */
export interface RedosSample {
  readonly prefix: string
  readonly repeated: string
  readonly suffix: string
}
type Pump = Pick<RedosSample, 'prefix' | 'repeated'>

/** What `redos-detector` reports: each trail is a way in which a pattern can match the same text twice. */
export type DetectorTrails = readonly RedosDetectorTrail[]

/** A text of about this length, with at least one repetition. */
export const sampleText = ({ prefix, repeated, suffix }: RedosSample, length: number): string =>
  prefix + repeated.repeat(Math.max(1, Math.floor((length - prefix.length - suffix.length) / repeated.length))) + suffix

/** In quotes, for messages: `"aaaaaa…!"`. */
export const sampleExcerpt = ({ prefix, repeated, suffix }: RedosSample): string =>
  JSON.stringify(`${prefix}${repeated.repeat(Math.ceil(6 / repeated.length))}…${suffix}`)

/** The outermost repetition of the trails. Undefined if there is none. */
export const ambiguousPart = (trails: DetectorTrails): string | undefined =>
  trails
    .flatMap(({ trail }) => trail.flatMap(({ a }) => a.quantifierIterations.map(({ node }) => node)))
    // The detector puts this in front of a pattern that is not anchored.
    .filter(({ source }) => source !== '[^]*?')
    .toSorted((a, b) => a.start.offset - b.start.offset || b.end.offset - a.end.offset)[0]?.source

/** The shortest first. @param letters the characters of the pattern that are not syntax */
export function redosSamples(trails: DetectorTrails, letters: string): RedosSample[] {
  const paths = new Set(trails.slice(-20).map(textOfTrail))
  const pumps = [
    ...pumpsOfLetters(paths.size === 0 ? letters + commonCharacters.join('') : letters),
    ...[...paths].flatMap(pumpsOfPath),
  ].map(({ prefix, repeated }) => ({ prefix, repeated: shortestPeriod(repeated) }))
  const unique = new Map(pumps.map((pump) => [`${pump.prefix}\0${pump.repeated}`, pump]))
  return [...unique.values()]
    .filter(({ repeated }) => repeated !== '')
    .toSorted((a, b) => a.prefix.length + a.repeated.length - b.prefix.length - b.repeated.length)
    .flatMap((pump) => suffixes.map((suffix) => ({ ...pump, suffix })))
}

/** `.` and `$` stop at the end of a line, and few classes contain a control character. */
const suffixes = ['!', '\n', '\u0001', '']

/** Repeats the end of a trail, in pieces of several sizes. */
const pumpsOfPath = (path: string): Pump[] =>
  [1, 2, 3, 4, 6, path.length].flatMap((size) =>
    [0, 1].map((rest) => {
      const end = path.length - rest
      const start = Math.max(0, end - size)
      return { prefix: path.slice(0, start), repeated: path.slice(start, end) }
    }),
  )

/** Repeats single letters and sequences of them. A text with every letter but the last takes a search for that one the longest. */
function pumpsOfLetters(letters: string): Pump[] {
  const first = [...new Set(letters)].slice(0, 8)
  const sequences = first.flatMap((_, from) => first.slice(from).map((_, more) => first.slice(from, from + more + 1)))
  const folders = first.includes('/')
    ? sequences.map((sequence) => `${sequence.filter((letter) => letter !== '/').join('/')}/`)
    : []
  return [...sequences.map((sequence) => sequence.join('')), ...folders, ...new Set(letters), ...['a', ' ', '0']].map(
    (repeated) => ({ prefix: '', repeated }),
  )
}

/** Repeating "aa" is the same as repeating "a". */
function shortestPeriod(text: string): string {
  for (let size = 1; size <= text.length / 2; size++)
    if (text.length % size === 0 && text === text.slice(0, size).repeat(text.length / size)) return text.slice(0, size)
  return text
}

const textOfTrail = ({ trail }: RedosDetectorTrail): string =>
  trail.map(({ a, b }) => sharedCharacter(a.node.source, b.node.source)).join('')
