/** Suggests the known word that a mistyped one is closest to. Pure. */
import { closest, distance } from 'fastest-levenshtein'

/** Characters. Comparing takes the product of both lengths, and a mistyped name is short. */
const maxLength = 64

/** `; did you mean "push"?`, or the empty string if no known word is close. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = closestWord(word, known)
  return best === undefined ? '' : `; did you mean "${best}"?`
}

/** Undefined: no known word is close. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > maxLength) return undefined
  const best = closest(word, known as string[])
  // Two swapped letters are one typing mistake, but two edits in Levenshtein's distance.
  const edits = distance(word, best) - (sortLetters(word) === sortLetters(best) ? 1 : 0)
  return edits <= Math.max(1, Math.floor(best.length / 3)) ? best : undefined
}

const sortLetters = (word: string): string => [...word].sort().join('')
