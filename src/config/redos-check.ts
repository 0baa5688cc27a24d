/**
 * Finds patterns and globs that a hostile text could keep busy for seconds or years (ReDoS). `redos-detector` clears most patterns. It
 * also suspects harmless ones, so a suspect is only rejected together with a text that is really slow on Node's own engine.
 */
import picomatch from 'picomatch'
import { isSafePattern } from 'redos-detector'
import { globOptions } from '../core/routing/glob.ts'
import { isCheapGlob } from '../core/routing/match-cost.ts'
import { ambiguousPart, type DetectorTrails, redosSamples, sampleExcerpt } from './redos-samples.ts'
import { slowSample } from './redos-timing.ts'
import { charactersIn } from './sample-characters.ts'

/**
 * Why a regular expression must not be used. Undefined: it may.
 * @param source a valid pattern
 * @param flags those with which it is used
 * @param maxLength characters of the longest text that it is used on
 */
export function redosRisk(source: string, flags: '' | 'u', maxLength: number): string | undefined {
  const simplified = simplify(source)
  // The detector ignores what is inside a lookbehind.
  if (hasRepeatingLookbehind(source))
    return 'repeats something in a lookbehind, (?<=…) or (?<!…), which could hang. Set a limit: a{1,9} in place of a+'
  const { safe, trails } = detect(simplified, flags === 'u')
  // The detector treats "a" and "A" as different even inside (?i:…).
  if (safe && !/\(\?[ms]*i/.test(source)) return undefined
  const letters = charactersIn(simplified) + simplified.replace(/\\[a-zA-Z]|\(\?[<=!:]+|[\\^$.|?*+()[\]{}]/g, '')
  const sample = slowSample(new RegExp(source, flags), redosSamples(trails, letters), maxLength)
  if (sample === undefined) return undefined
  const part = ambiguousPart(trails)
  const reason = part === undefined ? '' : `, because "${part}" matches the same characters in many ways`
  return `could hang: it takes seconds or years for a text like ${sampleExcerpt(sample)} of ${maxLength} characters${reason}. Do not let two repetitions, nested or one after the other, match the same character ([a-z]+(-[a-z]+)* in place of ([a-z]+-?)+), or set a small maxLength`
}

/** Without the names and flags of groups, which the detector cannot parse. */
const simplify = (source: string): string =>
  source.replace(/\(\?<(?![=!])[^>]*>/g, '(').replace(/\(\?[ims]*(?:-[ims]+)?:/g, '(?:')

/** Limited by steps, not by time, so that a busy machine gets the same result. A pattern that the detector cannot parse is not cleared. */
function detect(source: string, unicode: boolean): { readonly safe: boolean; readonly trails: DetectorTrails } {
  try {
    return isSafePattern(source, { unicode, maxScore: 200, maxSteps: 1000 })
  } catch {
    return { safe: false, trails: [] }
  }
}

const hasRepeatingLookbehind = (source: string): boolean =>
  [...source.matchAll(/\(\?<[=!]/g)].some(({ index }) => repeatsInGroup(source.slice(index + 4)))

/** @param rest of a pattern, from inside a group @returns whether the group repeats something without a limit */
function repeatsInGroup(rest: string): boolean {
  let depth = 1
  for (const [token] of rest.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\{\d+,\}|./gsu)) {
    if (token === '*' || token === '+' || (token.startsWith('{') && token.length > 1)) return true
    if (token === '(') depth++
    else if (token === ')' && --depth === 0) return false
  }
  return false
}

/** Why a glob must not be used. Undefined: it may. @param maxLength characters of the longest name that it is used on */
export function globRisk(glob: string, maxLength: number): string | undefined {
  if (isCheapGlob(glob)) return undefined
  const pattern = picomatch.makeRe(glob.replace(/^!/, ''), globOptions)
  const sample = slowSample(pattern, redosSamples([], glob.replace(/[*?!{}()[\]|+@\\]/g, '')), maxLength)
  return sample === undefined
    ? undefined
    : `could hang: it takes seconds or years for a name like ${sampleExcerpt(sample)}. Use fewer stars, or split it into several globs`
}
