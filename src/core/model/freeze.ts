/** Frozen to the bottom: nobody changes the config while it is used. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) freezeDeep(inner)
    Object.freeze(value)
  }
  return value
}
