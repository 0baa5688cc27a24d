/** Any sender that signs with an HMAC: what it signs and how is data (schemes.ts), read by the engine in core/http/signature.ts. */
import type { AdapterFactory } from '../../core/adapter.ts'
import { verifySignature } from '../../core/http/signature.ts'
import { schemeOf } from './schemes.ts'
import { translate } from './translate.ts'
import { createUpdateStatus } from './update-status.ts'

export const hmac: AdapterFactory = ({ name, options }) => {
  const scheme = schemeOf(options)
  const { callbackUrl, callbackHosts } = options
  const hosts = callbackHosts === undefined ? undefined : [callbackHosts].flat().map(String)
  return {
    repliesPrivately: true,
    ...(scheme.signed?.includes('{timestamp}') === true && { signsTimestamp: true as const }),
    verify: (request, secrets, now) => verifySignature(scheme, request, secrets, now),
    translate: (request) => translate(request, scheme, name, hosts),
    // Beside the status URL that the sender got with the answer.
    updateStatus: createUpdateStatus({ callbackUrl: typeof callbackUrl === 'string' ? callbackUrl : undefined }),
  }
}
