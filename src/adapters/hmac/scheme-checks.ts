/** Checks a custom scheme: what it verifies must be signed, and what it signs must have a place in the request. Pure. */

type Keys = Readonly<Record<string, unknown>>

/**
 * @param scheme of the source: the name of a preset, or a custom scheme whose keys the schema has checked
 * @returns what is wrong with it, in words that follow its name
 */
export function schemeProblems(scheme: unknown): readonly string[] {
  if (typeof scheme !== 'object' || scheme === null) return []
  const { algorithm, signed = '{body}', timestamp, id } = scheme as Keys
  const template = String(signed)
  const { header, part, body } = (timestamp ?? {}) as Keys
  const isInHeader = header !== undefined || part !== undefined
  const signsTimestamp = template.includes('{timestamp}')
  const checks: readonly (readonly [isWrong: boolean, message: string])[] = [
    [
      algorithm === 'token' && (template !== '{body}' || timestamp !== undefined || id !== undefined),
      'sends its secret and signs nothing, so "signed", "timestamp" and "id" have no effect; remove them',
    ],
    [
      signsTimestamp && !isInHeader,
      'signs {timestamp}; set timestamp.header or timestamp.part to the place where the sender puts it',
    ],
    // Anyone who replays a request can set an unsigned timestamp to the current time.
    [
      isInHeader && !signsTimestamp,
      'has a timestamp that is not signed; add {timestamp} to "signed", or remove the timestamp',
    ],
    [
      timestamp !== undefined && !isInHeader && body === undefined,
      'has a timestamp without a place; set timestamp.header, timestamp.part or timestamp.body',
    ],
    [template.includes('{id}') && id === undefined, 'signs {id}; set "id" to the header that contains it'],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, message]) => message)
}
