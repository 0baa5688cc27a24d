import type { HttpRequest } from '../../core/adapter.ts'

/** The value of the first of these headers that is present. */
export const firstHeader = (
  { headers }: Pick<HttpRequest, 'headers'>,
  names: string | readonly string[],
): string | undefined =>
  [names]
    .flat()
    .map((name) => headers[name.toLowerCase()])
    .find((value) => value !== undefined)
