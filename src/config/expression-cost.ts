/**
 * Expressions that cost more than the payload is long: a body of 6 MB must not make them think for minutes. What passes looks at each
 * thing in the payload so many times as the expression has parts, never each at each other. Pure, but for the patterns that it tries.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import { redosRisk } from './redos-check.ts'

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
/** They look for one text in another, and that may cost as much as both lengths multiplied. */
const searches = new Set(['contains', 'indexOf', 'lastIndexOf', 'split', 'join'])
/** What costs nothing, or no more than the shorter of two. */
const cheap = new Set(['startsWith', 'endsWith', 'has', 'hasValue', 'value', 'or', 'orValue', 'of', 'none'])
/** A text of the config that is looked for, in characters: each costs once more. */
const longestSearch = 100
/** Patterns are tried with texts of so many characters; what is longer stops at the time that a decision has. */
const longestText = 8192

/** How often lists that are written out may be gone through for each other. */
const mostSpins = 100
/** Joins of what is not written out, where what they give can be joined again: each may double it. */
const mostJoins = 4

/** All that is wrong with an expression that compiles. */
export const costFaults = (tree: ASTNode): string[] => [
  ...new Set([...faultsOf(tree, undefined), ...spinFaults(tree, 1), ...joinFaults(tree)]),
]

/** @param spins of the macros around it */
function spinFaults(node: ASTNode, spins: number): string[] {
  const written = node.op === 'rcall' && macros.has(node.args[0]) ? sizeOf(node.args[1]) : 1
  const all = spins * written
  if (written > 1 && spins > 1 && all > mostSpins)
    return [
      `"${textOf(node)}" is done ${all} times for each other: lists that are written out may be ${mostSpins} in all`,
    ]
  return partsOf(node).flatMap((part) => spinFaults(part, all))
}

/** Of a list that is written out. */
const sizeOf = (node: ASTNode): number => (node.op === 'list' && isLiteral(node) ? Math.max(1, node.args.length) : 1)

function joinFaults(tree: ASTNode): string[] {
  const joins = joinsIn(tree, false)
  return joins <= mostJoins
    ? []
    : [
        `joins things with "+" ${joins} times where what comes of it can be joined again, in bind or a macro: ${mostJoins} times at most, since each may double it`,
      ]
}

/** @param again what is joined here may be joined with itself later */
function joinsIn(node: ASTNode, again: boolean): number {
  const named = node.op === 'rcall' && (macros.has(node.args[0]) || node.args[0] === 'bind')
  const joins = again && node.op === '+' && node.args.every((each) => !isLiteral(each)) ? 1 : 0
  return partsOf(node).reduce((sum, part) => sum + joinsIn(part, again || named), joins)
}

/** @param variable of the macro whose body this is in */
function faultsOf(node: ASTNode, variable: string | undefined): string[] {
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args
    const [first, ...rest] = args
    if (macros.has(name) && first?.op === 'id')
      return [
        ...rangeFaults(node, receiver, variable),
        ...(name === 'map' ? carriedFaults(node, rest.at(-1), first.args) : []),
        ...faultsOf(receiver, variable),
        ...rest.flatMap((body) => faultsOf(body, first.args)),
      ]
    if (name === 'bind' && first?.op === 'id') return rest.flatMap((each) => faultsOf(each, variable))
    return [
      ...(name === 'matches' ? patternFaults(first) : searches.has(name) ? searchFaults(name, first) : []),
      ...(variable === undefined || cheap.has(name) ? [] : foreignFaults(node, [receiver, ...args], variable)),
      ...[receiver, ...args].flatMap((each) => faultsOf(each, variable)),
    ]
  }
  const repeated =
    variable === undefined
      ? []
      : node.op === 'call' && !cheap.has(node.args[0])
        ? foreignFaults(node, node.args[1], variable)
        : node.op === 'in'
          ? foreignFaults(node, [node.args[1]], variable)
          : []
  return [...repeated, ...partsOf(node).flatMap((part) => faultsOf(part, variable))]
}

/** Inside another, a macro may go through what belongs to that one's own element: all of them together are no more than the payload. */
function rangeFaults(node: ASTNode, range: ASTNode, variable: string | undefined): string[] {
  const root = rootOf(range)
  if (variable === undefined || root === variable || isLiteral(range)) return []
  return [
    `goes through "${textOf(range)}" again for every "${variable}", in "${textOf(node)}": with a large payload that never ends. Inside another, only what belongs to its own element may be gone through: ${variable}.…`,
  ]
}

const isForeign = (node: ASTNode, variable: string): boolean => ![undefined, variable].includes(rootOf(node))

function foreignFaults(node: ASTNode, operands: readonly ASTNode[], variable: string): string[] {
  const foreign = operands.find((operand) => isForeign(operand, variable))
  if (foreign === undefined) return []
  const mend =
    node.op === 'in' ? 'Compare with texts that are written out' : 'Work it out once, before: cel.bind(v, …, …)'
  return [
    `works on "${textOf(foreign)}" again for every "${variable}", in "${textOf(node)}": with a large payload that never ends. ${mend}`,
  ]
}

/** The same list under every element would be as long as all of them together, each time. */
function carriedFaults(node: ASTNode, made: ASTNode | undefined, variable: string): string[] {
  const carried = made === undefined ? [] : resultsOf(made).filter((result) => isForeign(result, variable))
  return carried.map(
    (result) =>
      `gives "${textOf(result)}" again for every "${variable}", in "${textOf(node)}": only what belongs to the element may be carried on: ${variable}.…`,
  )
}

/** What a `map` may come to give. */
const resultsOf = (node: ASTNode): ASTNode[] =>
  node.op === '?:'
    ? node.args.slice(1).flatMap(resultsOf)
    : node.op === 'list' || node.op === 'map'
      ? partsOf(node).flatMap(resultsOf)
      : [node]

function patternFaults(pattern: ASTNode | undefined): string[] {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    return ['matches takes a pattern that is written out, in quotes: one that comes with a payload could hang']
  try {
    new RegExp(pattern.args)
  } catch {
    return [`"${pattern.args}" is not a regular expression`]
  }
  const why = redosRisk(pattern.args, '', longestText)
  return why === undefined ? [] : [`the pattern "${pattern.args}" ${why}`]
}

function searchFaults(name: string, wanted: ASTNode | undefined): string[] {
  if (wanted === undefined || (wanted.op === 'value' && String(wanted.args).length <= longestSearch)) return []
  return [
    `${name} takes a text that is written out, in quotes, of up to ${longestSearch} characters: to look for one that comes with a payload may never end. Use ==, startsWith or endsWith`,
  ]
}

/** Whose part it is: `event` of `event.a[0].?b`. Undefined: it is worked out. */
function rootOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]') return rootOf(node.args[0])
  if (node.op !== 'rcall') return undefined
  const [name, receiver] = node.args
  return name === 'filter' || cheap.has(name) ? rootOf(receiver) : undefined
}

const isLiteral = (node: ASTNode): boolean =>
  node.op === 'value' || (node.op === 'list' && node.args.every((each) => isLiteral(each)))

const textOf = ({ input, start, end }: ASTNode): string => input.slice(start, end)

/** The nodes directly below. */
export function partsOf({ args }: ASTNode): ASTNode[] {
  const found = (Array.isArray(args) ? args : [args]) as readonly unknown[]
  return found.flat(2).filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part)
}
