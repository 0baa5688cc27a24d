/** Which packages of the lock file ship: those installed with taskhook, and those bundled into it. Pure. */

export interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string
        readonly integrity?: string
        readonly dev?: boolean
        readonly devOptional?: boolean
        readonly dependencies?: Readonly<Record<string, string>>
        readonly devDependencies?: Readonly<Record<string, string>>
      }
    >
  >
}

/** @returns `name@version` → its integrity */
export function shippedOf(lock: Lock): ReadonlyMap<string, string | undefined> {
  const { packages } = lock
  const shipped = new Set(
    Object.keys(packages).filter((path) => path !== '' && !packages[path]?.dev && !packages[path]?.devOptional),
  )
  const visit = (path: string): void => {
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      const found = placeOf(lock, path, name)
      if (found === undefined || shipped.has(found)) continue
      shipped.add(found)
      visit(found)
    }
  }
  // doctor's AWS clients are dev dependencies that are bundled into the CLI.
  for (const name of Object.keys(packages['']?.devDependencies ?? {}).filter((each) => each.startsWith('@aws-sdk/'))) {
    shipped.add(`node_modules/${name}`)
    visit(`node_modules/${name}`)
  }
  return new Map(
    [...shipped].map((path) => [
      `${path.split('node_modules/').at(-1)}@${packages[path]?.version}`,
      packages[path]?.integrity,
    ]),
  )
}

/** Resolves like Node: next to the package, then further up. */
function placeOf({ packages }: Lock, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (packages[path] !== undefined) return path
    if (at === '') return undefined
  }
}
