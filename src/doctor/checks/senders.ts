/** Whether Slack and GitHub accept the tokens that the config names. */
import { checkups } from '../../adapters/checkup-registry.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import { parseReference } from '../../core/aws/secret-reference.ts'
import { secretMember } from '../../core/aws/secret-value.ts'
import { messageOf } from '../../core/errors.ts'
import { type Finding, unknown } from '../../core/model/checkup.ts'
import { withoutTokens } from '../../core/telemetry/log.ts'
import type { DoctorContext } from '../account/context.ts'
import { jsonKeyOf, readSecret } from '../account/secret-value.ts'
import type { Check } from './check.ts'

export const senders: Check = {
  about: 'senders',
  async run(context) {
    const sources = Object.values(context.config.sources)
    const found = await Promise.all(sources.map((source) => senderFindings(source, context)))
    return found.flat()
  },
}

async function senderFindings(source: SourceConfig, context: DoctorContext): Promise<readonly Finding[]> {
  const { config, fetch, now } = context
  const checkup = await checkups[source.adapter]?.()
  if (checkup?.credentials === undefined) return []
  const routes = config.routes.filter(({ on }) => on === source.name)
  const token = async (name: string) => tokenOf(source.tokens[name] ?? [], context)
  try {
    // A checkup calls only the sender's API, never a host that a delivery named, so the plain `fetch` serves for both.
    return await checkup.credentials(source, routes, { fetch, fetchPublic: fetch, now, token })
  } catch (error) {
    return [unknown(`${source.name}: could not be checked: ${withoutTokens(messageOf(error))}`, 'try again later')]
  }
}

/** @returns undefined if there is no usable token; the check of secrets says why */
async function tokenOf([text]: readonly string[], context: DoctorContext): Promise<string | undefined> {
  const reference = text === undefined ? undefined : parseReference(text)
  if (reference === undefined) return undefined
  const stored = await readSecret(reference, context)
  if (stored.kind !== 'stored') return undefined
  try {
    return secretMember('', stored.value, jsonKeyOf(reference))?.trim() || undefined
  } catch {
    return undefined
  }
}
