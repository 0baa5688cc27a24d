import { closest, distance } from 'fastest-levenshtein'

/** `; did you mean "push"?` where something is near enough, else the empty string. */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0 || word.length > 64) return ''
  const best = closest(word, known as string[])
  return distance(word, best) <= Math.max(1, Math.floor(best.length / 3)) ? `; did you mean "${best}"?` : ''
}
