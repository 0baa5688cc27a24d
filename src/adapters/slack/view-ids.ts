/** The ids of a modal's fields. Open modals of an earlier version may be submitted, so they never change. Pure. */

export const inputActionId = 'value'

const prefix = 'p:'
export const blockOfParam = (param: string): string => prefix + param
/** Undefined: the block is not a parameter's. */
export const paramOfBlock = (block: string): string | undefined =>
  block.startsWith(prefix) ? block.slice(prefix.length) : undefined
