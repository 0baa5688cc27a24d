/** A route of the config, with its expressions compiled once. Pure. */

import type { RouteConfig } from '../model/config.ts'
import type { Json } from '../model/json.ts'
import { compileCondition, compileTemplate, type Expression } from './expression.ts'

export interface Route {
  readonly id: string
  readonly config: RouteConfig
  /** The route's `if`. */
  readonly condition: Expression | undefined
  /** The route's `with`, by parameter. */
  readonly computed: Readonly<Record<string, Expression>>
}

/** @throws {Error} if an expression does not compile */
export const prepareRoute = (config: RouteConfig): Route => ({
  id: config.id,
  config,
  condition: config.if === undefined ? undefined : compileCondition(config.if),
  computed: Object.fromEntries(Object.entries(config.with ?? {}).map(([name, value]) => [name, compileValue(value)])),
})

const compileValue = (value: Json): Expression => (typeof value === 'string' ? compileTemplate(value) : () => value)
