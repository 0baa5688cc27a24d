/** Whether Slack and GitHub take the tokens that the config names. */
import { checkups } from '../../adapters/checkup-registry.ts'
import { keyOf, parseReference } from '../../core/aws/secrets.ts'
import { messageOf } from '../../core/errors.ts'
import { type Finding, unknown } from '../../core/model/checkup.ts'
import { withoutTokens } from '../../core/telemetry/log.ts'
import type { Check, DoctorContext } from '../context.ts'
import { keyIn, read } from './secrets.ts'

export const senders: Check = {
  about: 'senders',
  async look(examined) {
    const { config } = examined
    const found = await Promise.all(
      Object.values(config.sources).map(async (source): Promise<readonly Finding[]> => {
        const checkup = await checkups[source.adapter]?.()
        if (checkup?.credentials === undefined) return []
        const routes = config.routes.filter(({ on }) => on === source.name)
        const token = async (name: string) => tokenOf(source.tokens[name] ?? [], examined)
        try {
          const { fetch, now } = examined
          // Nothing that somebody outside chose is gone to.
          return await checkup.credentials(source, routes, { fetch, fetchPublic: fetch, now, token })
        } catch (error) {
          return [
            unknown(`${source.name}: it could not be asked: ${withoutTokens(messageOf(error))}`, 'try again later'),
          ]
        }
      }),
    )
    return found.flat()
  },
}

/** Undefined where there is none that can be used: the check of secrets says why. */
async function tokenOf([text]: readonly string[], examined: DoctorContext): Promise<string | undefined> {
  const reference = text === undefined ? undefined : parseReference(text)
  if (reference === undefined) return undefined
  const stored = await read(reference, examined)
  if (stored.kind !== 'stored') return undefined
  try {
    return keyOf('', stored.value, keyIn(reference))?.trim() || undefined
  } catch {
    return undefined
  }
}
