/** Which token of a run was sent. Links and containers outlive a key, so the key before the current one counts, too. */
import type { Services } from '../services.ts'
import { sameText } from './signature.ts'

type Makers<K extends string> = Readonly<Record<K, (key: string) => string>>

/** @param makers kind of token → what it would be under a key @returns undefined: it is none of ours */
export async function tokenKindOf<K extends string>(
  services: Services,
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
  { secrets, key }: Services,
  token: string,
  makers: Makers<K>,
): Promise<K | undefined> {
  const keys = await secrets.all([key])
  const kinds = Object.keys(makers) as K[]
  return kinds.find((kind) => keys.some((each) => sameText(token, makers[kind](each))))
}
