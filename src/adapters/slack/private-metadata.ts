/** The modal's `private_metadata`: where the submission comes from. Slack sends it back, signed. Pure. */
import { BadRequest } from '../../core/errors.ts'
import { parseJson } from '../../core/http/body.ts'

export interface PrivateMetadata {
  readonly command: string
  readonly channel?: string | undefined
  /** The names of the modal's fields. */
  readonly params: readonly string[]
}

export const writePrivateMetadata = ({ command, channel, params }: PrivateMetadata): string =>
  JSON.stringify({ command, channel, params })

/** An earlier version of taskhook may have written it. @throws {BadRequest} if it does not name the command */
export function parsePrivateMetadata(text: unknown): PrivateMetadata {
  const read = typeof text === 'string' ? parseJson(text) : undefined
  const { command, channel, params }: Readonly<Record<string, unknown>> = { ...(read instanceof Object && read) }
  if (typeof command !== 'string' || !/^\/\S{1,99}$/.test(command))
    throw new BadRequest('the form does not say which command it belongs to')
  if (channel !== undefined && (typeof channel !== 'string' || !/^\w{1,100}$/.test(channel)))
    throw new BadRequest('the form does not say which channel it was opened from')
  const names = Array.isArray(params) ? params.filter((name) => typeof name === 'string') : []
  return { command, channel, params: names }
}
