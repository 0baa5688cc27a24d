/** Secrets that a sender has sent for the operator to store (`copy` of a handshake), until they are stored. */
import { parseReference } from '../../core/aws/secret-reference.ts'
import { secretMember } from '../../core/aws/secret-value.ts'
import { openSealedSecret } from '../../core/http/sealed-secret.ts'
import { type Finding, warning } from '../../core/model/checkup.ts'
import { type DoctorContext, environmentOf } from '../account/context.ts'
import { type DeliveryLine, deliveryLines } from '../account/delivery-lines.ts'
import { jsonKeyOf, readSecret } from '../account/secret-value.ts'
import type { Check } from './check.ts'

export const handshakes: Check = {
  about: 'handshakes',
  async run(context) {
    if (context.functions.receive === undefined) return []
    const lines = (await deliveryLines(context, '"sealedSecret"')) ?? []
    const findings = await Promise.all(
      [...Map.groupBy(lines, ({ source }) => source)].map(([source, sent]) => findingsOf(context, source, sent)),
    )
    return findings.flat()
  },
}

async function findingsOf(context: DoctorContext, source: string, lines: readonly DeliveryLine[]): Promise<Finding[]> {
  const config = context.config.sources[source]
  if (config === undefined) return []
  const about = `${source}: the sender sent its secret at ${lines.at(-1)?.time}`
  const tokenKey = await storedValue(environmentOf(context).TASKHOOK_KEY ?? '', context)
  if (tokenKey === undefined)
    return [
      warning(about, "taskhook's own key cannot be read, so the secret cannot be shown: see the check of secrets"),
    ]
  const opened = lines.flatMap(({ sealedSecret = '' }) => openSealedSecret(sealedSecret, source, tokenKey) ?? [])
  const [secret, ...others] = new Set(opened)
  if (secret === undefined)
    return [warning(about, 'it was sealed with another key of taskhook: have the sender send it again')]
  const stored = await Promise.all(config.secret.map((reference) => storedValue(reference, context)))
  if (opened.some((each) => stored.includes(each))) return []
  // Anyone can send one, so the newest need not be the sender's.
  if (others.length > 0)
    return [
      warning(
        `${source}: ${others.length + 1} different secrets were sent in the last 24 hours`,
        'not all of them can be from the sender: remove the hook there, wait a day, and add it again',
      ),
    ]
  const fix = `anyone can send one to this address: if you have just added the hook there, store it as ${config.secret[0]}`
  return [warning(`${about}: ${secret}`, fix)]
}

/** Undefined: it cannot be read. The check of secrets says why. */
async function storedValue(text: string, context: DoctorContext): Promise<string | undefined> {
  const reference = parseReference(text)
  if (reference === undefined) return undefined
  const stored = await readSecret(reference, context)
  if (stored.kind !== 'stored') return undefined
  try {
    return secretMember(text, stored.value, jsonKeyOf(reference))?.trim()
  } catch {
    return undefined
  }
}
