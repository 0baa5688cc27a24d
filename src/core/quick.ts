/**
 * What cannot take long, whatever was sent. To watch over the rest costs a third of a millisecond for each delivery, since Node starts a
 * thread for it. Pure.
 */
import type { RouteConfig, TaskConfig } from './config/types.ts'

/** Characters that a plain pattern or glob, which takes as many steps as their square, is done with in a fraction of a second. */
const small = 16_384

/** @param characters of all that was sent */
export const isQuick = (route: RouteConfig, task: TaskConfig | undefined, characters: number): boolean =>
  characters <= small && isPlain(route, task)

/** Nothing of the config changes while it runs. */
const known = new WeakMap<RouteConfig, boolean>()

function isPlain(route: RouteConfig, task: TaskConfig | undefined): boolean {
  const before = known.get(route)
  if (before !== undefined) return before
  const { branches = [], tags = [], paths = [], repositories = [] } = route
  const globs = [...branches, ...tags, ...paths, ...repositories]
  const patterns = Object.values(task?.params ?? {}).flatMap((param) =>
    'pattern' in param && param.pattern !== undefined ? [param.pattern] : [],
  )
  // All else in an expression takes so many steps as the payload is long: config/cost.ts refuses the rest.
  const expressions = JSON.stringify([route.if, route.with])
  const plain = globs.every(isPlainGlob) && patterns.every(isPlainPattern) && !expressions.includes('matches')
  known.set(route, plain)
  return plain
}

/** Two stars cost n² at most. */
export const isPlainGlob = (glob: string): boolean => (glob.match(/\*+/g) ?? []).length <= 2 && !glob.includes('(')

/**
 * Whether a regular expression takes n² steps at most: only single characters and classes are repeated, twice where the pattern says
 * where they begin, and once where it does not. Many a harmless one is none of these, and is watched.
 */
export function isPlainPattern(source: string): boolean {
  const tokens = source.match(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?[:=!<]|\{\d+,?\d*\}|./gs) ?? []
  let free = 0
  for (const [at, token] of tokens.entries()) {
    // What looks around, or back at what was found.
    if (/^\(\?[=!<]|^\\[1-9k]/.test(token)) return false
    if (!isRepetition(token)) continue
    const before = tokens[at - 1]
    if (before === ')') return false
    // "a+?" is one repetition, and "a{3}" none that could take more or less.
    if (!isRepetition(before) && !/^\{\d+\}$/.test(token)) free++
  }
  return free <= (source.startsWith('^') && !source.includes('|') ? 2 : 1)
}

const isRepetition = (token = ''): boolean => /^[*+?]/.test(token) || (token.length > 1 && token.startsWith('{'))
