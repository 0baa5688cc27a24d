import { closest, distance } from 'fastest-levenshtein'

/** `; did you mean "push"?` where something is near enough, else the empty string. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0 || word.length > 64) return ''
  const best = closest(word, known as string[])
  // Two letters that changed places are one slip of the fingers, and two steps by Levenshtein's count.
  const steps = distance(word, best) - (lettersOf(word) === lettersOf(best) ? 1 : 0)
  return steps <= Math.max(1, Math.floor(best.length / 3)) ? `; did you mean "${best}"?` : ''
}

const lettersOf = (word: string): string => [...word].sort().join('')
