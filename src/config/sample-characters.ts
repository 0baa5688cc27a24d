/** Characters that parts of a pattern match. Pure. */

export const commonCharacters: readonly string[] = [
  ...'a0A _-./,:@!',
  ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)),
  ...'\t\né',
]

/** Some of every script. */
const candidates = [
  ...commonCharacters,
  ...Array.from({ length: 0x7fc }, (_, at) => String.fromCodePoint(at * 32 + 0x85)).filter(
    (char) => !/[\ud800-\udfff]/.test(char),
  ),
  ...'😀𐐀𠀀',
]

/** The trails of one pattern have the same few pairs again and again. */
const cache = new Map<string, string>()

/** A character that both parts match. Each is the source of a character, a class or an escape. */
export function sharedCharacter(a: string, b: string): string {
  const key = `${a} ${b}`
  const shared = cache.get(key) ?? findShared(a, b)
  cache.set(key, shared)
  return shared
}

function findShared(a: string, b: string): string {
  const [one, other] = [a, b].map(wholePattern)
  return candidates.find((char) => one?.test(char) && other?.test(char)) ?? (a.length === 1 ? a : 'a')
}

function wholePattern(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, 'u')
  } catch {
    return undefined
  }
}

/** The characters that a pattern gives by number, and one of each class (`[^a-z]`, `\p{Script=Greek}`). */
export function charactersIn(source: string): string {
  const numbered = [...source.matchAll(/\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi)].map(
    ([, ...numbers]) => String.fromCodePoint(Math.min(Number.parseInt(numbers.join(''), 16), 0x10ffff)),
  )
  const classes = source.match(/\[(?:\\.|[^\]\\])*\]|\\p\{[^}]*\}|\\[ws]/gis) ?? []
  const ofClasses = classes.map((each) => {
    const pattern = wholePattern(each)
    return candidates.find((char) => pattern?.test(char)) ?? ''
  })
  return [...new Set([...numbered, ...ofClasses])].join('')
}
