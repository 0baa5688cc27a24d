/**
 * Patterns that a hostile text would keep busy. `redos-detector` acquits most; what it does not, it may wrong, so whatever is refused is
 * shown a text that does it, tried on the engine that would run it. Only what reads YAML loads this.
 */
import picomatch from 'picomatch'
import { isSafePattern } from 'redos-detector'
import { globOptions } from '../core/routing/glob.ts'
import { isCheapGlob } from '../core/routing/match-cost.ts'
import { TimeBudgetExceeded, withTimeBudget } from '../core/routing/time-budget.ts'
import {
  lettersOf,
  partOf,
  type RedosSample,
  samplesOf,
  sampleText,
  shownSample,
  type Trails,
} from './redos-samples.ts'

/**
 * Backtracking costs n² steps in many an ordinary pattern (`\s+$`): 30 to 120 ms for 8192 characters, and it passes. Costs n³, which is
 * 3000 times that, or 2ⁿ, and it does not. At 1024 characters the three are 1 ms, 250 ms and for ever: a slow machine decides like a
 * fast one.
 */
const probe = { characters: 1024, ms: 25 } as const
/** At full length, for an n² with a large factor. Milliseconds. */
const most = 400

/**
 * Why a regular expression is refused; undefined: it is not.
 * @param source that compiles @param flags as it will be run with @param longest characters of a text that it is held against
 */
export function redosRisk(source: string, flags: '' | 'u', longest: number): string | undefined {
  const plain = plainOf(source)
  const { safe, trails } = judged(plain, flags === 'u')
  // The detector does not look into what looks behind, and takes "a" and "A" for two where a group says that they are one.
  if (repeatsBehind(source))
    return 'repeats something in what looks behind, (?<=…) or (?<!…), and that could hang. Say how often: a{1,9} in place of a+'
  if (safe && !/\(\?[ms]*i/.test(source)) return undefined
  const attack = hangOf(
    new RegExp(source, flags),
    samplesOf(trails, lettersOf(plain) + plain.replace(/\\[a-zA-Z]|\(\?[<=!:]+|[\\^$.|?*+()[\]{}]/g, '')),
    longest,
  )
  if (attack === undefined) return undefined
  const part = partOf(trails)
  return `could hang: a text like ${shownSample(attack)} of ${longest} characters keeps it busy for seconds or years${
    part === undefined ? '' : `, since "${part}" reads the same characters in many ways`
  }. Let no two repetitions that lie in or behind each other take the same character ([a-z]+(-[a-z]+)* in place of ([a-z]+-?)+), or set a small maxLength`
}

/** Without names and flags of groups, which the detector cannot read. */
const plainOf = (source: string): string =>
  source.replace(/\(\?<(?![=!])[^>]*>/g, '(').replace(/\(\?[ims]*(?:-[ims]+)?:/g, '(?:')

/** What the detector cannot read at all, it has not acquitted. It is held by steps, not by time: a busy machine finds the same. */
function judged(plain: string, unicode: boolean): { readonly safe: boolean; readonly trails: Trails } {
  try {
    return isSafePattern(plain, { unicode, maxScore: 200, maxSteps: 1000 })
  } catch {
    return { safe: false, trails: [] }
  }
}

const repeatsBehind = (source: string): boolean =>
  [...source.matchAll(/\(\?<[=!]/g)].some(({ index }) => repeats(source.slice(index + 4)))

/** @param rest of a pattern, from inside a group @returns whether something is repeated without an end before the group closes */
function repeats(rest: string): boolean {
  let depth = 1
  for (const [token] of rest.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\{\d+,\}|./gsu)) {
    if (token === '*' || token === '+' || (token.startsWith('{') && token.length > 1)) return true
    if (token === '(') depth++
    else if (token === ')' && --depth === 0) return false
  }
  return false
}

/** @param longest characters of a name that it is held against */
export function whyGlobHangs(glob: string, longest: number): string | undefined {
  if (isCheapGlob(glob)) return undefined
  const attack = hangOf(
    picomatch.makeRe(glob.replace(/^!/, ''), globOptions),
    samplesOf([], glob.replace(/[*?!{}()[\]|+@\\]/g, '')),
    longest,
  )
  return attack === undefined
    ? undefined
    : `could hang: a name like ${shownSample(attack)} keeps it busy for seconds or years. Use fewer stars: split it into several globs`
}

function hangOf(pattern: RegExp, attacks: readonly RedosSample[], longest: number): RedosSample | undefined {
  let slowest: { ms: number; attack: RedosSample } | undefined
  for (const attack of attacks) {
    const ms = timeOf(pattern, sampleText(attack, Math.min(longest, probe.characters)), probe.ms)
    if (ms >= probe.ms) return attack
    if (slowest === undefined || ms > slowest.ms) slowest = { ms, attack }
  }
  if (slowest === undefined || longest <= probe.characters) return undefined
  return timeOf(pattern, sampleText(slowest.attack, longest), most) >= most ? slowest.attack : undefined
}

/** Milliseconds of the processor's time; where it is a near thing the better of two, since a machine may be busy with something else. */
function timeOf(pattern: RegExp, text: string, limit: number): number {
  const once = (): number => {
    const began = process.cpuUsage()
    const taken = (): number => process.cpuUsage(began).user / 1000
    try {
      withTimeBudget(limit * 10, () => pattern.test(text))
    } catch (error) {
      if (error instanceof TimeBudgetExceeded) return Math.max(limit, taken())
      throw error
    }
    return taken()
  }
  const first = once()
  return first < limit / 2 || first > limit * 4 ? first : Math.min(first, once())
}
