/**
 * What cannot take long, whatever was sent. To watch over the rest costs a third of a millisecond for each delivery, since Node starts a
 * thread for it. Pure.
 */
import type { RouteConfig, TaskConfig } from '../model/config.ts'

/**
 * Characters in all. A glob is held against 4096 of them at a time and a pattern against 8192, and a plain one takes as many steps as
 * their square: 75 ms for the worst glob, and 65 ms for the worst pattern.
 */
const small = 65_536

/** So many of the worst patterns, or globs, are done with in a quarter of a second. */
const few = 4
const longest = 8192

export interface Asked {
  readonly route: RouteConfig
  readonly task: TaskConfig | undefined
}

/** @param asked all that will be held against what was sent @param characters of all that was sent */
export function isCheapToMatch(asked: readonly Asked[], characters: number): boolean {
  const costs = asked.map(costOf)
  const squares = costs.reduce((sum, cost) => sum + cost, 0) * Math.min(characters, longest) ** 2
  return characters <= small && squares <= few * longest ** 2
}

/** Nothing of the config changes while it runs. */
const known = new WeakMap<RouteConfig, number>()

/** Its patterns and globs; more than there may be where one of them, or an expression, is not plain. */
function costOf({ route, task }: Asked): number {
  const before = known.get(route)
  if (before !== undefined) return before
  const globs = [route.branches, route.tags, route.paths, route.repositories]
    .flat()
    .filter((glob) => glob !== undefined)
  const patterns = Object.values(task?.params ?? {}).flatMap((param) => ('pattern' in param ? [param.pattern] : []))
  const expressions = JSON.stringify([route.if, route.with, task?.concurrency?.group])
  const plain = globs.every(isPlainGlob) && patterns.every(isPlainPattern) && !laborious.test(expressions)
  const cost = plain ? patterns.length + globs.filter((glob) => starsIn(glob) > 1).length : Number.POSITIVE_INFINITY
  known.set(route, cost)
  return cost
}

/** What goes through a list, or a text; all else in an expression takes so many steps as it has parts. */
const laborious = /\b(matches|all|exists|exists_one|map|filter|bind)\b/

/** Two stars cost n² at most. To picomatch a "+" repeats what stands before it, and braces hold alternatives: none of that is plain. */
export const isPlainGlob = (glob: string): boolean => /^!?[\w./@ ?*-]*$/.test(glob) && starsIn(glob) <= 2

/**
 * Whether a regular expression takes n² steps at most: only single characters and classes are repeated, twice where the pattern says
 * where they begin, and once where it does not. Many a harmless one is none of these, and is watched.
 */
export function isPlainPattern(source: string): boolean {
  const tokens = [...source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?[:=!<]|\{[\d,]*\}|./gs)].map(([token]) => token)
  let free = 0
  for (const [at, token] of tokens.entries()) {
    // What looks around, or back at what was found.
    if (/^\(\?[=!<]|^\\[1-9k]/.test(token)) return false
    if (!isRepetition(token)) continue
    const before = tokens[at - 1]
    if (before === ')') return false
    // "a+?" is one repetition, and "a{3}" none that could take more or less, as long as it is short.
    if (!isRepetition(before) && !/^\{\d\}$/.test(token)) free++
  }
  const [groups = 0, choices = 0] = ['(', '|'].map((sign) => tokens.filter((token) => token.startsWith(sign)).length)
  // Choices one after another multiply.
  if (choices !== 0 && groups > 1) return false
  return free <= (source.startsWith('^') && choices === 0 ? 2 : 1)
}

/** A brace is nothing else in a pattern that is read as Unicode, as those of parameters are. */
const isRepetition = (token = ''): boolean => /^[*+?{]/.test(token)

const starsIn = (glob: string): number => glob.split(/\*+/).length - 1
