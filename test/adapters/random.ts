/** Random texts from a seed: the same on every run. */

/** A generator with a seed (mulberry32). @returns numbers from 0 to 1 */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const alphabet = [...'abcXYZ019 .,:;={}[]"\\/\n\r\t&%+éßñ✓漢字😀\u00a0\u2028\ufeff']

/** Texts of 1 to a few thousand characters of every kind. */
export function randomTexts(seed: number, count: number): string[] {
  const random = randomFrom(seed)
  const letter = () => alphabet[Math.floor(random() * alphabet.length)] ?? ''
  return Array.from({ length: count }, (_, at) => {
    const length = at === 0 ? 1 : Math.floor(random() ** 3 * 3000) + 1
    return Array.from({ length }, letter).join('')
  })
}

/** The text with one bit flipped so that it stays UTF-8: the lowest bit of an ASCII character. */
export function flipped(text: string, seed: number): string {
  const random = randomFrom(seed)
  const places = [...text].flatMap((char, at) => (char.charCodeAt(0) < 0x7f && char.length === 1 ? at : []))
  const place = places[Math.floor(random() * places.length)]
  if (place === undefined) return `${text}!`
  return [...text].map((char, at) => (at === place ? String.fromCharCode(char.charCodeAt(0) ^ 1) : char)).join('')
}
