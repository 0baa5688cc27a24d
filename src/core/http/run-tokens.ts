/** Which token of a run was sent. Links and containers outlive a key, so the key before the current one counts, too. */
import { createHmac } from 'node:crypto'
import { sameText } from './signature.ts'

/** The secrets that sign tokens. @property key reference of the secret */
export interface TokenKeys {
  readonly key: string
  readonly secrets: {
    all(references: readonly string[]): Promise<readonly string[]>
    refresh(references: readonly string[]): Promise<unknown>
  }
}

type Makers<K extends string> = Readonly<Record<K, (key: string) => string>>

/** @param makers kind of token → what it would be under a key @returns undefined: it is none of ours */
export async function tokenKindOf<K extends string>(
  services: TokenKeys,
  token: string,
  makers: Makers<K>,
): Promise<K | undefined> {
  const found = await look(services, token, makers)
  // 256 bits in base64url; what looks otherwise is not worth asking for.
  if (found !== undefined || !/^[\w-]{43}$/.test(token)) return found
  // Made by a function that knows a newer key than this one.
  await services.secrets.refresh([services.key])
  return look(services, token, makers)
}

async function look<K extends string>(
  { secrets, key }: TokenKeys,
  token: string,
  makers: Makers<K>,
): Promise<K | undefined> {
  const keys = await secrets.all([key])
  const kinds = Object.keys(makers) as K[]
  return kinds.find((kind) => keys.some((each) => sameText(token, makers[kind](each))))
}

/** What opens a run's status: an HMAC of its id, so it can be checked without being stored. */
export const statusTokenOf = (run: string, key: string): string =>
  createHmac('sha256', key).update(`status:${run}`).digest('base64url')

/** What opens a run's status and also cancels and repeats it: for the sender alone, never for a place where others read. */
export const controlTokenOf = (run: string, key: string): string =>
  createHmac('sha256', key).update(`control:${run}`).digest('base64url')

/** By which a run's container tells how far it is, and nothing else. */
export const progressTokenOf = (run: string, key: string): string =>
  createHmac('sha256', key).update(`progress:${run}`).digest('base64url')

export const statusUrlOf = (origin: string, run: string, token: string): string =>
  `${origin}/runs/${run}?token=${token}`
