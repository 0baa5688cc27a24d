/** A task's typed parameters: how they are declared, and their values. */

interface Declared {
  /** Name of the environment variable that the container gets. */
  readonly env: string
  readonly description?: string
  readonly required?: boolean
  /** Shown to nobody: not in a message, a status or a log. */
  readonly secret?: boolean
}

export interface StringParam extends Declared {
  readonly type: 'string'
  /** A regular expression (flag `u`), searched for as in JSON Schema: anchor it yourself. */
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly enum?: readonly string[]
  readonly default?: string
}

export interface NumberParam extends Declared {
  readonly type: 'integer' | 'number'
  readonly min?: number
  readonly max?: number
  readonly default?: number
}

export interface BooleanParam extends Declared {
  readonly type: 'boolean'
  readonly default?: boolean
}

export type Param = StringParam | NumberParam | BooleanParam

export type ParamDeclarations = Readonly<Record<string, Param>>

export type ParamValue = string | number | boolean

export type ParamValues = Readonly<Record<string, ParamValue>>
