/** Every secret that the config names: whether it exists, is readable, and has the shape that its sender gives it. */
import { checkups } from '../../adapters/checkup-registry.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import { parseReference, type SecretReference } from '../../core/aws/secret-reference.ts'
import { cleanSecret, secretMember } from '../../core/aws/secret-value.ts'
import { messageOf } from '../../core/errors.ts'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { type DoctorContext, environmentOf } from '../account/context.ts'
import { jsonKeyOf, readSecret } from '../account/secret-value.ts'
import type { Check } from './check.ts'

export const secrets: Check = {
  about: 'secrets',
  async run(context) {
    const key = environmentOf(context).TASKHOOK_KEY
    const found = await Promise.all([
      ...(key === undefined ? [] : [checkSecret(key, context, () => undefined)]),
      ...Object.values(context.config.sources).flatMap((source) =>
        referencesOf(source).map(async ([name, reference]) => {
          const checkup = await checkups[source.adapter]?.()
          return checkSecret(reference, context, (value) => checkup?.whyMalformed(name, value, source))
        }),
      ),
    ])
    const findings = found.flat()
    if (findings.length > 0) return uniqueByMessage(findings)
    return [ok(`${found.length} secrets can be read, and have the right shape`)]
  },
}

/** The references of a source, each with its key in the config. */
const referencesOf = (source: SourceConfig): [key: string, reference: string][] => [
  ...source.secret.map((reference): [string, string] => ['secret', reference]),
  ...Object.entries(source.tokens).flatMap(([name, list]) =>
    list.map((reference): [string, string] => [name, reference]),
  ),
]

async function checkSecret(
  text: string,
  context: DoctorContext,
  whyMalformed: (value: string) => string | undefined,
): Promise<Finding[]> {
  const reference = parseReference(text)
  if (reference === undefined)
    return [problem('TASKHOOK_KEY is not a secret reference', 'set it to secretsmanager:ID#KEY or env:NAME')]
  const stored = await readSecret(reference, context)
  if (stored.kind === 'missing') return [problem(`${text} does not exist`, fixForMissing(reference))]
  if (stored.kind === 'empty') return [problem(`${text} has no value yet`, fixForValue(reference))]
  let hasNewline = false
  try {
    const value = cleanSecret(text, secretMember(text, stored.value, jsonKeyOf(reference)), () => {
      hasNewline = true
    })
    const fault = whyMalformed(value)
    if (fault !== undefined) return [problem(`${text} ${fault}`, fixForValue(reference))]
  } catch (error) {
    return [problem(messageOf(error).replace(/^secret /, ''), fixForValue(reference))]
  }
  if (!hasNewline) return []
  return [warning(`${text} ends in a newline, which taskhook ignores`, 'store it with printf instead of echo')]
}

const fixForMissing = (reference: SecretReference): string =>
  reference.kind === 'env'
    ? fixForValue(reference)
    : `add it to create_secrets (Terraform), or: aws secretsmanager create-secret --name ${reference.id}; then ${fixForValue(reference)}`

function fixForValue(reference: SecretReference): string {
  if (reference.kind === 'env')
    return `set ${reference.name} in env_secrets (Terraform) or envSecrets (CDK), or keep it in Secrets Manager`
  const value = reference.key === undefined ? 'file://secret.txt' : `'{"${reference.key}": "…"}'`
  return `aws secretsmanager put-secret-value --secret-id ${reference.id} --secret-string ${value}`
}

/** Two sources may share a secret. */
const uniqueByMessage = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [finding.message, finding])).values(),
]
