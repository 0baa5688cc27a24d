/** Checks that the expressions of a route compile, and that none can take too long. */
import { messageOf } from '../core/errors.ts'
import { compileCondition, compileTemplate, treesOf } from '../core/routing/expression.ts'
import { expressionCostProblems } from './expression-cost.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { asMapping, type Mapping } from './yaml-values.ts'

export const checkExpressions = (path: ConfigPath, route: Mapping): ConfigFinding[] => [
  ...(typeof route.if === 'string' ? checkExpression([...path, 'if'], 'condition', route.if) : []),
  ...Object.entries(asMapping(route.with)).flatMap(([name, value]) =>
    typeof value === 'string' ? checkExpression([...path, 'with', name], 'template', value) : [],
  ),
]

function checkExpression(path: ConfigPath, kind: 'condition' | 'template', text: string): ConfigFinding[] {
  try {
    if (kind === 'condition') compileCondition(text)
    else compileTemplate(text)
  } catch (error) {
    return finding(path, messageOf(error))
  }
  return treesOf(kind, text)
    .flatMap(expressionCostProblems)
    .flatMap((message) => finding(path, message))
}
