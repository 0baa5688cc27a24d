/** Finds expressions whose work grows with every level: nested loops over literal lists, and texts that are joined again and again. Pure. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { childrenOf, isIteration, isLiteral, textOf } from './expression-tree.ts'

/** How often the innermost of nested loops over literal lists may run. */
const maxLiteralLoops = 100

/** Each join of a result with itself may double its length. */
const maxRepeatedJoins = 4

export const growthProblems = (tree: ASTNode): string[] => [...loopProblems(tree, 1), ...joinProblems(tree)]

/** @param outerLoops how often the loops around the node run together */
function loopProblems(node: ASTNode, outerLoops: number): string[] {
  const ownLoops = node.op === 'rcall' && isIteration(node.args[0]) ? literalLength(node.args[1]) : 1
  const loops = outerLoops * ownLoops
  if (ownLoops > 1 && outerLoops > 1 && loops > maxLiteralLoops)
    return [`"${textOf(node)}" runs ${loops} times: nested loops over literal lists may run ${maxLiteralLoops} times`]
  return childrenOf(node).flatMap((child) => loopProblems(child, loops))
}

const literalLength = (node: ASTNode): number =>
  node.op === 'list' && isLiteral(node) ? Math.max(1, node.args.length) : 1

function joinProblems(tree: ASTNode): string[] {
  const joins = repeatedJoins(tree, false)
  return joins <= maxRepeatedJoins
    ? []
    : [
        `joins values with "+" ${joins} times in bind or a macro, where the result can be joined again: at most ${maxRepeatedJoins} times, because each can double the length`,
      ]
}

/** @param hasName whether what is joined here has a name, so that it can be joined with itself */
function repeatedJoins(node: ASTNode, hasName: boolean): number {
  const givesName = node.op === 'rcall' && (isIteration(node.args[0]) || node.args[0] === 'bind')
  const joins = hasName && node.op === '+' && node.args.every((each) => !isLiteral(each)) ? 1 : 0
  return childrenOf(node).reduce((sum, child) => sum + repeatedJoins(child, hasName || givesName), joins)
}
