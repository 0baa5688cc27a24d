/** Reads values out of a JSON body. Own keys only: `constructor.name` must find nothing. */

/** @param path keys, and numbers of list items: `events.0.id` */
export const valueAtPath = (value: unknown, path: string): unknown => path.split('.').reduce(memberOf, value)

/** @param path may have `*` for all items of a list @returns one undefined where nothing is found */
export const valuesAtPath = (value: unknown, path: string): readonly unknown[] =>
  path
    .split('.')
    .reduce<readonly unknown[]>(
      (values, key) =>
        values.flatMap((inner) =>
          key === '*' ? (Array.isArray(inner) ? inner : [undefined]) : [memberOf(inner, key)],
        ),
      [value],
    )

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
