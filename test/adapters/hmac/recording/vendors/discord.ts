/** Discord signs with a private key, and shows the public key. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { body, by, note } from '../packages.ts'
import type { Sender } from '../recorder.ts'

/** An Ed25519 key in PKCS #8 is this, followed by 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
export const discordKey = createPrivateKey({
  key: Buffer.concat([pkcs8, Buffer.from('a seed of thirty-two bytes, yes!')]),
  format: 'der',
  type: 'pkcs8',
})
/** What Discord shows as the public key of an application. */
export const discordPublicKey = Buffer.from(
  String(createPublicKey(discordKey).export({ format: 'jwk' }).x),
  'base64url',
).toString('hex')

/** @param require loads a package from the folder in which they are installed */
export function discord(require: NodeJS.Require): readonly Sender[] {
  const { verifyKey } = require('discord-interactions')
  return [
    {
      name: 'Discord',
      event: 'ENTITLEMENT_CREATE',
      by: by('discord-interactions'),
      how: 'signed with a key that was made for this, confirmed by verifyKey',
      scheme: 'discord',
      secret: discordPublicKey,
      send: ({ id, seconds }) => {
        const event = { type: 'ENTITLEMENT_CREATE', timestamp: '2026-03-01T10:00:00Z', data: { id, note } }
        const sent = body({ version: 1, application_id: '1234560123453231555', type: 1, event })
        return {
          headers: {
            'x-signature-timestamp': String(seconds),
            'x-signature-ed25519': sign(null, Buffer.from(`${seconds}${sent}`), discordKey).toString('hex'),
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) =>
        verifyKey(sent, headers['x-signature-ed25519'], headers['x-signature-timestamp'], discordPublicKey),
    },
  ]
}
