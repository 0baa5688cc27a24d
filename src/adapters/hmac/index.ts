/** Any sender that signs with an HMAC. How it signs is data (presets*.ts), which the engine in core/http/signature.ts reads. */
import type { AdapterFactory } from '../../core/adapter.ts'
import { comesByGet, isUnsigned, unsignedHandshake } from './handshake.ts'
import { createHttpReply } from './http-reply.ts'
import { parseReplyAddress, type ReplyAddress } from './reply-address.ts'
import { schemeOf } from './schemes.ts'
import { translate } from './translate.ts'
import { createUpdateStatus } from './update-status.ts'
import { createVerify, signsTimestamp } from './verify.ts'

export const hmac: AdapterFactory<ReplyAddress> = ({ name, options }) => {
  const scheme = schemeOf(options)
  const { callbackUrl, callbackHosts: hosts, publicUrl } = options
  const callbackHosts = hosts === undefined ? undefined : [hosts].flat().map(String)
  const handshakes = scheme.handshake ?? []
  const { accepted = scheme.accepted } = options
  return {
    repliesPrivately: true,
    ...(signsTimestamp(scheme) && { signsTimestamp: true }),
    ...(handshakes.some(isUnsigned) && { handshake: (request) => unsignedHandshake(scheme, request) }),
    ...(handshakes.some(comesByGet) && { takesGet: true }),
    verify: createVerify(scheme, { publicUrl: typeof publicUrl === 'string' ? publicUrl : undefined }),
    translate: (request) => translate(request, { scheme, source: name, callbackHosts }),
    parseAddress: parseReplyAddress,
    ...((accepted !== undefined || options.refusals !== undefined) && {
      httpReply: createHttpReply({ accepted, refusals: options.refusals }),
    }),
    updateStatus: createUpdateStatus(typeof callbackUrl === 'string' ? callbackUrl : undefined),
  }
}
