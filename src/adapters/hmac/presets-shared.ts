/** What several senders have in common. */

export const hex = { algorithm: 'sha256', encoding: 'hex' } as const
export const base64 = { algorithm: 'sha256', encoding: 'base64' } as const

/** In place of a commit: the ref was deleted. */
export const noCommit = '0'.repeat(40)

/** The header has the time and the signatures: `t=1772359200,v1=…`. */
export const timeInHeader = {
  ...hex,
  prefix: 'v1=',
  separator: ',',
  signed: '{timestamp}.{body}',
  timestamp: { part: 't=' },
} as const

export const standardWebhooks = {
  ...base64,
  header: ['webhook-signature', 'svix-signature'],
  prefix: 'v1,',
  separator: ' ',
  signed: '{id}.{timestamp}.{body}',
  id: ['webhook-id', 'svix-id'],
  timestamp: { header: ['webhook-timestamp', 'svix-timestamp'] },
  secret: 'whsec',
} as const
