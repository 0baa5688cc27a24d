/** A task's typed parameters: how they are declared, and their values. */

interface Declared {
  /** Name of the environment variable that the container receives. */
  readonly env: string
  readonly description?: string
  readonly required?: boolean
  /** The value never appears in a message, a status or a log. */
  readonly secret?: boolean
}

export interface StringParam extends Declared {
  readonly type: 'string'
  /** A regular expression (flag `u`). As in JSON Schema it is not anchored: it may match anywhere in the value. */
  readonly pattern?: string
  /** Characters (UTF-16 code units), as are `maxLength` and every other length. */
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

/** By name. */
export type ParamDeclarations = Readonly<Record<string, Param>>

export type ParamValue = string | number | boolean

/** By name. A parameter that was not given and has no default is absent. */
export type ParamValues = Readonly<Record<string, ParamValue>>
