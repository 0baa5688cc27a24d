/** Any sender that signs with an HMAC: what it signs and how is data (schemes.ts), read by the engine in core/signature.ts. */
import type { AdapterFactory } from '../../core/adapter.ts'
import { verifySignature } from '../../core/signature.ts'
import { schemeOf } from './schemes.ts'
import { translate } from './translate.ts'

export const hmac: AdapterFactory = ({ name, options }) => {
  const scheme = schemeOf(options)
  return {
    answersInPrivate: true,
    ...(scheme.signed?.includes('{timestamp}') === true && { signsTime: true as const }),
    verify: (request, secrets, now) => verifySignature(scheme, request, secrets, now),
    translate: (request) => translate(request, scheme, name),
    // Its sender reads the status URL that it got with the answer.
    acknowledge: async () => undefined,
  }
}
