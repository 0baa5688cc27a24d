/** The tokens of a run. Each is an HMAC of the run's id, so it can be checked without being stored. */
import { createHmac } from 'node:crypto'
import { constantTimeEqualText } from './constant-time.ts'

/**
 * - `status` shows the run.
 * - `control` also cancels and repeats it. It goes to the sender alone, never to a place where others read it.
 * - `progress` lets the run's container report its progress, and nothing else.
 */
export type TokenKind = 'status' | 'control' | 'progress'

/** 43 characters: 256 bits in base64url. */
const tokenOf = (kind: TokenKind, run: string, tokenKey: string): string =>
  createHmac('sha256', tokenKey).update(`${kind}:${run}`).digest('base64url')

export const statusTokenOf = (run: string, tokenKey: string): string => tokenOf('status', run, tokenKey)
export const controlTokenOf = (run: string, tokenKey: string): string => tokenOf('control', run, tokenKey)
export const progressTokenOf = (run: string, tokenKey: string): string => tokenOf('progress', run, tokenKey)

export const statusUrlOf = (origin: string, run: string, token: string): string =>
  `${origin}/runs/${run}?token=${token}`

/** The secrets that sign tokens. */
export interface TokenKeys {
  readonly tokenKeyReference: string
  readonly secrets: {
    all(references: readonly string[]): Promise<readonly string[]>
    refresh(references: readonly string[]): Promise<unknown>
  }
}

/**
 * Checks a token. Links and containers outlive a key, so the key before the current one counts too.
 * @param kinds the kinds that are accepted
 * @returns undefined: it is none of these, or a token of another run
 */
export async function tokenKindOf<Kind extends TokenKind>(
  services: TokenKeys,
  run: string,
  token: string,
  kinds: readonly Kind[],
): Promise<Kind | undefined> {
  const found = await compare(services, run, token, kinds)
  if (found !== undefined || !/^[\w-]{43}$/.test(token)) return found
  // Another function may have signed it with a newer key than this one knows.
  await services.secrets.refresh([services.tokenKeyReference])
  return compare(services, run, token, kinds)
}

async function compare<Kind extends TokenKind>(
  { secrets, tokenKeyReference }: TokenKeys,
  run: string,
  token: string,
  kinds: readonly Kind[],
): Promise<Kind | undefined> {
  const tokenKeys = await secrets.all([tokenKeyReference])
  return kinds.find((kind) => tokenKeys.some((tokenKey) => constantTimeEqualText(token, tokenOf(kind, run, tokenKey))))
}
