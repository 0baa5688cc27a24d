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
    const newest = new Map(lines.map((line) => [line.source, line]))
    const findings = await Promise.all([...newest.values()].map((line) => findingOf(context, line)))
    return findings.flat()
  },
}

async function findingOf(context: DoctorContext, { source, time, sealedSecret }: DeliveryLine): Promise<Finding[]> {
  const config = context.config.sources[source]
  if (config === undefined || sealedSecret === undefined) return []
  const about = `${source}: the sender sent its secret at ${time}`
  const tokenKey = await storedValue(environmentOf(context).TASKHOOK_KEY ?? '', context)
  const secret = tokenKey === undefined ? undefined : openSealedSecret(sealedSecret, tokenKey)
  if (secret === undefined)
    return [warning(about, 'it was sealed with an earlier key of taskhook: let the sender send it again')]
  const stored = await Promise.all(config.secret.map((reference) => storedValue(reference, context)))
  if (stored.includes(secret)) return []
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
