/** Freezes a value and everything in it, so that no code can change the config at run time. */
export function freezeDeep<T extends object>(value: T): T {
  // Whatever is not an object counts as frozen.
  if (!Object.isFrozen(value)) {
    for (const inner of Object.values(value)) freezeDeep(inner)
    Object.freeze(value)
  }
  return value
}
