/** Is it from whom it says? */
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'
import type { SecretsByAge } from '../aws/secrets.ts'
import { messageOf, Unauthorized } from '../errors.ts'
import type { Services, Source } from '../services.ts'

/** @throws {Unauthorized} once with the secrets at hand and once with fresh ones, so that a rotation needs no restart */
export async function verifyDelivery(
  services: Services,
  source: Source,
  request: HttpRequest,
): Promise<VerifiedRequest> {
  const { secret, previousSecretFor } = source.config
  const known = () => services.secrets.byAge(secret, previousSecretFor)
  const tried = await known()
  try {
    return await provenBy(tried, services, source, request)
  } catch (error) {
    if (!(error instanceof Unauthorized)) throw error
    await services.secrets.refresh(secret)
    const fresh = await known()
    // Compared with what was tried, not with what was known before the look: somebody else may have looked meanwhile.
    if (textOf(fresh) === textOf(tried)) throw error
    return provenBy(fresh, services, source, request)
  }
}

/** The secrets themselves, one against the other; nothing that came from outside is compared here. */
const textOf = ({ current, previous }: SecretsByAge): string => JSON.stringify([current, previous])

/** Each secret is tried once, the current ones first, so that the log can say when the last sender has changed over. */
async function provenBy({ current, previous }: SecretsByAge, services: Services, source: Source, request: HttpRequest) {
  try {
    const verified = await verify(services, source, request, current)
    return { ...verified, verifiedWith: 'current' } as const
  } catch (error) {
    if (!(error instanceof Unauthorized) || previous.length === 0) throw error
    const verified = await verify(services, source, request, previous)
    return { ...verified, verifiedWith: 'previous' } as const
  }
}

async function verify({ now }: Services, { adapter }: Source, request: HttpRequest, secrets: readonly string[]) {
  try {
    return await adapter.verify(request, secrets, now())
  } catch (error) {
    throw error instanceof Unauthorized ? error : new Unauthorized(`verification failed: ${messageOf(error)}`)
  }
}
