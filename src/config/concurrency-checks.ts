/** Checks the template of a task's concurrency group: a typing mistake in it would put all runs into one group. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { messageOf } from '../core/errors.ts'
import { compileParamTemplate, treesOf } from '../core/routing/expression.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { expressionCostProblems } from './expression-cost.ts'
import { childrenOf } from './expression-tree.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { asMapping, type Mapping } from './yaml-values.ts'

export function checkConcurrencyGroup(path: ConfigPath, { concurrency, params }: Mapping): ConfigFinding[] {
  const { group } = asMapping(concurrency)
  return typeof group === 'string'
    ? groupProblems(group, asMapping(params)).flatMap((message) => finding([...path, 'concurrency', 'group'], message))
    : []
}

function groupProblems(group: string, params: Mapping): string[] {
  if (!group.includes('${'))
    return ['is the same for every run; use "${params.NAME}", or remove it to make all runs of the task one group']
  try {
    compileParamTemplate(group)
  } catch (error) {
    return [messageOf(error)]
  }
  const trees = treesOf('template', group)
  const costs = trees.flatMap(expressionCostProblems)
  return costs.length > 0 ? costs : trees.flatMap(paramsRead).flatMap((name) => paramProblems(name, params))
}

function paramProblems(name: string | undefined, params: Mapping): string[] {
  if (name === undefined)
    return ['must name each parameter, as params.NAME or params["NAME"], because other parameters may be secret']
  const known = Object.keys(params)
  if (!known.includes(name)) return [`"${name}" is not a parameter of the task${didYouMean(name, known)}`]
  return asMapping(params[name]).secret === true
    ? [`"${name}" is secret, but the name of a group is shown in messages`]
    : []
}

/** The parameters that an expression reads. Undefined: it may read any of them. */
function paramsRead(node: ASTNode): (string | undefined)[] {
  const { op, args } = node as { readonly op: string; readonly args: unknown }
  const [object, key] = (Array.isArray(args) ? args : []) as readonly (ASTNode | string | undefined)[]
  const isAccess = ['.', '.?', '[]', '[?]'].includes(op)
  if (isAccess && typeof object === 'object' && object.op === 'id' && object.args === 'params') {
    if (typeof key === 'string') return [key]
    return key?.op === 'value' && typeof key.args === 'string' ? [key.args] : [undefined]
  }
  if (op === 'id') return args === 'params' ? [undefined] : []
  return childrenOf(node).flatMap(paramsRead)
}
