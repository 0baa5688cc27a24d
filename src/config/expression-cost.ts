/**
 * Finds CEL expressions that could take minutes for a payload of 6 MB. What passes visits each part of the payload a fixed number of
 * times, and never compares all parts with each other. Pure, except that it times patterns.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import { growthProblems } from './expression-growth.ts'
import { patternProblems, searchProblems } from './expression-search.ts'
import { childrenOf, isCheapFunction, isIteration, isLiteral, rootOf, textOf } from './expression-tree.ts'

/** Everything that is wrong with an expression that compiles. */
export const expressionCostProblems = (tree: ASTNode): string[] => [
  ...new Set([...problemsIn(tree, undefined), ...growthProblems(tree)]),
]

/** @param element the variable of the iteration that the node is in */
function problemsIn(node: ASTNode, element: string | undefined): string[] {
  if (node.op === 'rcall') return callProblems(node, element)
  const inChildren = childrenOf(node).flatMap((child) => problemsIn(child, element))
  if (element === undefined) return inChildren
  if (node.op === 'call' && !isCheapFunction(node.args[0]))
    return [...repeatedWork(node, node.args[1], element), ...inChildren]
  // Finding an element in a list costs as much as the list is long.
  return node.op === 'in' ? [...repeatedWork(node, [node.args[1]], element), ...inChildren] : inChildren
}

/** A call with a receiver: `list.all(x, …)`, `text.contains("…")`, `cel.bind(name, value, …)`. */
function callProblems(node: Extract<ASTNode, { op: 'rcall' }>, element: string | undefined): string[] {
  const [name, receiver, args] = node.args
  const [first, ...rest] = args
  if (isIteration(name) && first?.op === 'id')
    return [
      ...nestedIteration(node, receiver, element),
      ...(name === 'map' ? repeatedResults(node, rest.at(-1), first.args) : []),
      ...problemsIn(receiver, element),
      ...rest.flatMap((body) => problemsIn(body, first.args)),
    ]
  if (name === 'bind' && first?.op === 'id') return rest.flatMap((each) => problemsIn(each, element))
  return [
    ...(name === 'matches' ? patternProblems(first) : searchProblems(name, first)),
    ...(element === undefined || isCheapFunction(name) ? [] : repeatedWork(node, [receiver, ...args], element)),
    ...[receiver, ...args].flatMap((each) => problemsIn(each, element)),
  ]
}

/** A nested iteration may use only lists that belong to the element of the outer one: together they are in the payload once. */
function nestedIteration(node: ASTNode, list: ASTNode, element: string | undefined): string[] {
  if (element === undefined || rootOf(list) === element || isLiteral(list)) return []
  return [
    `iterates over "${textOf(list)}" again for every "${element}", in "${textOf(node)}", which takes too long for a large payload. A nested iteration may use only lists that belong to its element: ${element}.…`,
  ]
}

const isForeign = (node: ASTNode, element: string): boolean => ![undefined, element].includes(rootOf(node))

function repeatedWork(node: ASTNode, operands: readonly ASTNode[], element: string): string[] {
  const foreign = operands.find((operand) => isForeign(operand, element))
  if (foreign === undefined) return []
  const fix = node.op === 'in' ? 'Compare with literal texts' : 'Compute it once before: cel.bind(v, …, …)'
  return [
    `processes "${textOf(foreign)}" again for every "${element}", in "${textOf(node)}", which takes too long for a large payload. ${fix}`,
  ]
}

/** If every element had the same list, the next macro after `map` would iterate over that list once for each element. */
function repeatedResults(node: ASTNode, result: ASTNode | undefined, element: string): string[] {
  const foreign = result === undefined ? [] : resultsOf(result).filter((each) => isForeign(each, element))
  return foreign.map(
    (each) =>
      `returns "${textOf(each)}" again for every "${element}", in "${textOf(node)}". Return only values that belong to the element: ${element}.…`,
  )
}

/** What a `map` may return. */
const resultsOf = (node: ASTNode): ASTNode[] =>
  node.op === '?:'
    ? node.args.slice(1).flatMap(resultsOf)
    : node.op === 'list' || node.op === 'map'
      ? childrenOf(node).flatMap(resultsOf)
      : [node]
