/** The same "random" bodies on every run. */

/** A small generator with a seed (mulberry32): numbers from 0 to 1. */
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

/** Texts of all lengths, from none to a few thousand characters of every kind. */
export function randomTexts(seed: number, count: number): string[] {
  const random = randomFrom(seed)
  const letter = () => alphabet[Math.floor(random() * alphabet.length)] ?? ''
  return Array.from({ length: count }, (_, at) => {
    const length = at === 0 ? 1 : Math.floor(random() ** 3 * 3000) + 1
    return Array.from({ length }, letter).join('')
  })
}

/** The same text with one bit flipped such that it is still UTF-8: of an ASCII character, the lowest bit. */
export function flipped(text: string, seed: number): string {
  const random = randomFrom(seed)
  const places = [...text].flatMap((char, at) => (char.charCodeAt(0) < 0x7f && char.length === 1 ? at : []))
  const place = places[Math.floor(random() * places.length)]
  if (place === undefined) return `${text}!`
  return [...text].map((char, at) => (at === place ? String.fromCharCode(char.charCodeAt(0) ^ 1) : char)).join('')
}
