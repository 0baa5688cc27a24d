/** Any sender that signs with an HMAC. How it signs is data (schemes.ts), which the engine in core/http/signature.ts reads. */
import type { AdapterFactory } from '../../core/adapter.ts'
import { parseReplyAddress, type ReplyAddress } from './reply-address.ts'
import { schemeOf } from './schemes.ts'
import { translate } from './translate.ts'
import { createUpdateStatus } from './update-status.ts'
import { createVerify, signsTimestamp } from './verify.ts'

export const hmac: AdapterFactory<ReplyAddress> = ({ name, options }) => {
  const scheme = schemeOf(options)
  const { callbackUrl, callbackHosts: hosts } = options
  const callbackHosts = hosts === undefined ? undefined : [hosts].flat().map(String)
  return {
    repliesPrivately: true,
    ...(signsTimestamp(scheme) && { signsTimestamp: true }),
    verify: createVerify(scheme),
    translate: (request) => translate(request, { scheme, source: name, callbackHosts }),
    parseAddress: parseReplyAddress,
    updateStatus: createUpdateStatus(typeof callbackUrl === 'string' ? callbackUrl : undefined),
  }
}
