/**
 * Which deliveries can be matched quickly, whatever they contain. All others run under a time budget, which costs a third of a
 * millisecond each time, because Node starts a thread for it (docs/adr/0019). Pure.
 */
import type { RouteConfig, TaskConfig } from '../model/config.ts'

/** Characters of a delivery. A cheap pattern takes 65 ms at worst, and a cheap glob 75 ms: n² steps for 8,192 and 4,096 characters. */
const maxCharacters = 65_536

/** Characters that a pattern is run on at most. */
const maxPatternInput = 8192

/** Patterns and globs of the worst kind, at full length: four take a quarter of a second. */
const maxFullLengthMatches = 4

export interface RouteToMatch {
  readonly route: RouteConfig
  readonly task: TaskConfig | undefined
}

/** @param toMatch all routes of the source @param characters of what was sent */
export function isCheapToMatch(toMatch: readonly RouteToMatch[], characters: number): boolean {
  const matches = toMatch.reduce((sum, each) => sum + quadraticMatches(each), 0)
  const steps = matches * Math.min(characters, maxPatternInput) ** 2
  return characters <= maxCharacters && steps <= maxFullLengthMatches * maxPatternInput ** 2
}

/** The config does not change at run time. */
const cache = new WeakMap<RouteConfig, number>()

/** How many patterns and globs of a route take n² steps. Infinity if one of them, or an expression, may take more. */
function quadraticMatches({ route, task }: RouteToMatch): number {
  const cached = cache.get(route)
  if (cached !== undefined) return cached
  const globs = [route.branches, route.tags, route.paths, route.repositories]
    .flat()
    .filter((glob) => glob !== undefined)
  const patterns = Object.values(task?.params ?? {}).flatMap((param) => ('pattern' in param ? [param.pattern] : []))
  const expressions = JSON.stringify([route.if, route.with, task?.concurrency?.group])
  const isCheap = globs.every(isCheapGlob) && patterns.every(isCheapPattern) && !iterating.test(expressions)
  const count = isCheap ? patterns.length + globs.filter((glob) => starsIn(glob) > 1).length : Number.POSITIVE_INFINITY
  cache.set(route, count)
  return count
}

/** CEL functions that go through a list or a text. Any other takes one step. */
const iterating = /\b(matches|all|exists|exists_one|map|filter|bind)\b/

/** At most n² steps: two stars. A "+" repeats what is before it (picomatch), and braces hold alternatives, so neither is cheap. */
export const isCheapGlob = (glob: string): boolean => /^!?[\w./@ ?*-]*$/.test(glob) && starsIn(glob) <= 2

/**
 * Whether a regular expression takes at most n² steps: it repeats only single characters and classes, at most twice if it is anchored,
 * and once if not. Many harmless patterns do not qualify, and run under the time budget.
 */
export function isCheapPattern(source: string): boolean {
  const tokens = [...source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?[:=!<]|\{[\d,]*\}|./gs)].map(([token]) => token)
  let repetitions = 0
  for (const [at, token] of tokens.entries()) {
    // Lookarounds and back references.
    if (/^\(\?[=!<]|^\\[1-9k]/.test(token)) return false
    if (!isRepetition(token)) continue
    const before = tokens[at - 1]
    if (before === ')') return false
    // "a+?" is one repetition. "a{3}" has a fixed length, as long as that is short.
    if (!isRepetition(before) && !/^\{\d\}$/.test(token)) repetitions++
  }
  const [groups = 0, choices = 0] = ['(', '|'].map((sign) => tokens.filter((token) => token.startsWith(sign)).length)
  // The alternatives of consecutive groups multiply.
  if (choices !== 0 && groups > 1) return false
  return repetitions <= (source.startsWith('^') && choices === 0 ? 2 : 1)
}

/** Patterns are compiled with the flag `u`, in which a brace always belongs to a repetition. */
const isRepetition = (token = ''): boolean => /^[*+?{]/.test(token)

const starsIn = (glob: string): number => glob.split(/\*+/).length - 1
