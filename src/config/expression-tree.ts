/** Reads the syntax tree of a CEL expression. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js'

/** Macros that run an expression once for each element of a list. */
const iterations = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])

/** Functions that cost nothing, or no more than the shorter of two operands. */
const cheapFunctions = new Set(['startsWith', 'endsWith', 'has', 'hasValue', 'value', 'or', 'orValue', 'of', 'none'])

export const isIteration = (name: string): boolean => iterations.has(name)
export const isCheapFunction = (name: string): boolean => cheapFunctions.has(name)

/** The variable that a value belongs to: `event` of `event.a[0].?b`. Undefined: the value is computed. */
export function rootOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  if (node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]') return rootOf(node.args[0])
  if (node.op !== 'rcall') return undefined
  const [name, receiver] = node.args
  return name === 'filter' || isCheapFunction(name) ? rootOf(receiver) : undefined
}

/** A value, or a list of values, that is written in the config. */
export const isLiteral = (node: ASTNode): boolean =>
  node.op === 'value' || (node.op === 'list' && node.args.every((each) => isLiteral(each)))

/** The source text of a node. */
export const textOf = ({ input, start, end }: ASTNode): string => input.slice(start, end)

/** The nodes directly below. */
export function childrenOf({ args }: ASTNode): ASTNode[] {
  const found = (Array.isArray(args) ? args : [args]) as readonly unknown[]
  return found.flat(2).filter((child): child is ASTNode => typeof child === 'object' && child !== null && 'op' in child)
}
