/** Wrong signatures, tokens, timestamps and ids. */
import { corruptBytes } from './corrupt-bytes.ts'
import type { RandomSource } from './random.ts'
import { canary } from './seed-deliveries.ts'

type Headers = Readonly<Record<string, string>>

const signatureHeader = /signature|token$|^x-own$/
const forgeries: readonly ((value: string, random: RandomSource) => string | undefined)[] = [
  () => undefined,
  () => '',
  (value) => `${value},${value}`,
  (value) => value.repeat(500),
  (value) => Array.from({ length: 1000 }, () => value).join(','),
  (value) => value.slice(0, -1),
  (value) => value.toUpperCase(),
  (value) => value.replace(/=/g, ''),
  (value) => `${value} `,
  (value) => value.replace(/[0-9a-f]{8}/, canary),
  (value) => `\u0000${value}`,
  (value) => Buffer.from(value).toString('base64'),
  (value, random) => corruptBytes(Buffer.from(value), random).toString('latin1'),
]

/** The headers with one that is wrong. */
export function forgeHeaders(headers: Headers, random: RandomSource): Record<string, string | undefined> {
  // A wrong timestamp or id makes the signature invalid, too.
  const names = Object.keys(headers).filter((name) => signatureHeader.test(name) || /timestamp|-id$|event/.test(name))
  const name = names[random.integer(names.length)] ?? 'x-signature'
  const value = random.pick(forgeries)(headers[name] ?? '', random)
  // The log may contain GitHub's delivery id and the name of the event.
  const withoutCanary = /delivery|event/.test(name) ? value?.replaceAll(canary, '') : value
  return { ...headers, [random.percent(5) ? name.toUpperCase() : name]: withoutCanary }
}
