/** Authenticates the sender of a request, during and after a secret rotation too. */
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'
import type { SecretsByAge } from '../aws/secret-rotation.ts'
import { messageOf, Unauthorized } from '../errors.ts'
import type { Services, Source } from '../services.ts'

type VerifyServices = Pick<Services, 'secrets' | 'now'>

/**
 * Tries the cached secrets, then fresh ones, so that a rotation needs no restart.
 * @throws {Unauthorized} if neither verifies the request @throws {TaskhookError} `unavailable` if the secrets cannot be read
 */
export async function verifyDelivery(
  services: VerifyServices,
  source: Source,
  request: HttpRequest,
): Promise<VerifiedRequest> {
  const { secret, previousSecretFor } = source.config
  const read = () => services.secrets.byAge(secret, previousSecretFor)
  const cached = await read()
  try {
    return await verifyByAge(cached, services, source, request)
  } catch (error) {
    if (!(error instanceof Unauthorized)) throw error
    await services.secrets.refresh(secret)
    const fresh = await read()
    // Compared with what this request was tried with: a concurrent request may have refreshed the cache in the meantime.
    if (isSame(fresh, cached)) throw error
    return verifyByAge(fresh, services, source, request)
  }
}

/** The one secret that a verified request is signed with. @throws {Unauthorized} if the secrets have changed since */
export async function verifyingSecret(
  services: VerifyServices,
  source: Source,
  request: VerifiedRequest,
): Promise<string> {
  const { current, others } = await services.secrets.byAge(source.config.secret, source.config.previousSecretFor)
  for (const secret of [...current, ...others]) {
    try {
      await verify(services, source, request, [secret])
      return secret
    } catch {}
  }
  throw new Unauthorized('no secret verifies the request any more')
}

/** Only our own secrets are compared, so the time that it takes reveals nothing to the sender. */
const isSame = (a: SecretsByAge, b: SecretsByAge): boolean =>
  JSON.stringify([a.current, a.others]) === JSON.stringify([b.current, b.others])

/** The current secret apart from the others, so that the log shows when the last sender has changed over. */
async function verifyByAge(
  { current, others }: SecretsByAge,
  services: VerifyServices,
  source: Source,
  request: HttpRequest,
): Promise<VerifiedRequest> {
  try {
    const verified = await verify(services, source, request, current)
    return { ...verified, verifiedWith: 'current' }
  } catch (error) {
    if (!(error instanceof Unauthorized) || others.length === 0) throw error
    const verified = await verify(services, source, request, others)
    return { ...verified, verifiedWith: 'previous' }
  }
}

/** An adapter that throws anything else has not authenticated the sender either. */
async function verify(
  { now }: VerifyServices,
  { adapter }: Source,
  request: HttpRequest,
  secrets: readonly string[],
): Promise<VerifiedRequest> {
  try {
    return await adapter.verify(request, secrets, now())
  } catch (error) {
    throw error instanceof Unauthorized ? error : new Unauthorized(`verification failed: ${messageOf(error)}`)
  }
}
