/** Example schemes, and requests that are signed with them. */
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { type Body, mac } from '../../support/sign.ts'

export const secret = 'correct horse battery staple'
export const seconds = 1_700_000_000
export const now = seconds * 1000
export const body = '{"dataset":"sales"}'

export const hexScheme: SignatureScheme = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
}
export const base64Scheme: SignatureScheme = { header: 'x-signature', algorithm: 'sha256', encoding: 'base64' }
/** The timestamp is a part of the signature header, and signed. */
export const timestampScheme: SignatureScheme = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'v1=',
  separator: ',',
  signed: '{timestamp}.{body}',
  timestamp: { part: 't=' },
}
/** The id and the timestamp have headers of their own, and are signed. */
export const idScheme: SignatureScheme = {
  ...timestampScheme,
  signed: '{id}.{timestamp}.{body}',
  id: 'x-id',
  timestamp: { header: 'x-time' },
}
export const tokenScheme: SignatureScheme = { header: 'x-token', algorithm: 'token', encoding: 'hex' }

export const signHex = (sent: Body = body) => ({ 'x-signature': `sha256=${mac({ key: secret }, sent)}` })

export const signWithTimestamp = (sent: Body = body, at: number | string = seconds) => ({
  'x-signature': `t=${at},v1=${mac({ key: secret }, `${at}.`, sent)}`,
})

export const signWithId = (id: string, at: number | string = seconds, sent: Body = body) => ({
  'x-id': id,
  'x-time': String(at),
  'x-signature': `v1=${mac({ key: secret }, `${id}.${at}.`, sent)}`,
})
