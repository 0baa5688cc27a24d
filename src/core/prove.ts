/** Is it from whom it says? */
import type { HttpRequest, VerifiedRequest } from './adapter.ts'
import { messageOf, Unauthorized } from './errors.ts'
import type { Parts, Source } from './parts.ts'

/** @throws {Unauthorized} once with the secrets at hand and once with fresh ones, so that a rotation needs no restart */
export async function prove(parts: Parts, { config, adapter }: Source, request: HttpRequest): Promise<VerifiedRequest> {
  const attempt = async () => {
    const secrets = await parts.secrets.all(config.secret)
    try {
      return await adapter.verify(request, secrets, parts.now())
    } catch (error) {
      throw error instanceof Unauthorized ? error : new Unauthorized(`verification failed: ${messageOf(error)}`)
    }
  }
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof Unauthorized && (await parts.secrets.refresh(config.secret))) return attempt()
    throw error
  }
}
