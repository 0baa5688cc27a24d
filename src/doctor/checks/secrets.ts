/** Every secret that the config names: there, readable, and of the shape that its sender gives it. */
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { checkups } from '../../adapters/checkup-registry.ts'
import type { SourceConfig } from '../../core/adapter.ts'
import { clean, keyOf, parseReference, type SecretReference } from '../../core/aws/secrets.ts'
import { messageOf } from '../../core/errors.ts'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { ask } from '../clients.ts'
import { type Check, type DoctorContext, variablesOf } from '../context.ts'

export const secrets: Check = {
  about: 'secrets',
  async look(examined) {
    const key = variablesOf(examined).TASKHOOK_KEY
    const found = await Promise.all([
      ...(key === undefined ? [] : [look(key, examined, () => undefined)]),
      ...Object.values(examined.config.sources).flatMap((source) =>
        referencesOf(source).map(async ([name, reference]) => {
          const checkup = await checkups[source.adapter]?.()
          return look(reference, examined, (value) => checkup?.whyMalformed(name, value, source))
        }),
      ),
    ])
    const findings = found.flat()
    return findings.length > 0 ? unique(findings) : [ok(`${found.length} secrets can be read and look well`)]
  },
}

/** Of a source, with the config key under which each stands. */
const referencesOf = (source: SourceConfig): [string, string][] => [
  ...source.secret.map((reference): [string, string] => ['secret', reference]),
  ...Object.entries(source.tokens).flatMap(([name, list]) =>
    list.map((reference): [string, string] => [name, reference]),
  ),
]

async function look(
  text: string,
  examined: DoctorContext,
  misshapen: (value: string) => string | undefined,
): Promise<Finding[]> {
  const reference = parseReference(text)
  if (reference === undefined)
    return [problem('TASKHOOK_KEY is not a secret reference', 'write secretsmanager:ID#KEY or env:NAME')]
  const stored = await read(reference, examined)
  if (stored.kind !== 'stored')
    return stored.kind === 'missing'
      ? [problem(`${text} is not there`, makeOf(reference))]
      : [problem(`${text} has no value yet`, mendOf(reference))]
  let newline = false
  try {
    const value = clean(text, keyOf(text, stored.value, keyIn(reference)), () => {
      newline = true
    })
    const fault = misshapen(value)
    if (fault !== undefined) return [problem(`${text} ${fault}`, mendOf(reference))]
  } catch (error) {
    return [problem(messageOf(error).replace(/^secret /, ''), mendOf(reference))]
  }
  return newline ? [warning(`${text} ends in a newline, which is left out`, 'store it without: printf, not echo')] : []
}

/** The value of a reference, as the functions would read it. */
export async function read(
  reference: SecretReference,
  examined: DoctorContext,
): Promise<{ readonly kind: 'missing' | 'empty' } | { readonly kind: 'stored'; readonly value: string | undefined }> {
  if (reference.kind === 'env') {
    const value = variablesOf(examined)[reference.name]
    return value === undefined ? { kind: 'missing' } : { kind: 'stored', value }
  }
  const command = new GetSecretValueCommand({ SecretId: reference.id, VersionStage: 'AWSCURRENT' })
  const answer = await ask(examined.aws.secrets.send(command))
  if (answer !== undefined) return { kind: 'stored', value: answer.SecretString }
  // A secret without a value is not found either, when its value is asked for.
  const made = await ask(examined.aws.secrets.send(new DescribeSecretCommand({ SecretId: reference.id })))
  return { kind: made === undefined ? 'missing' : 'empty' }
}

export const keyIn = (reference: SecretReference): string | undefined =>
  reference.kind === 'env' ? undefined : reference.key

const makeOf = (reference: SecretReference): string =>
  reference.kind === 'env'
    ? mendOf(reference)
    : `name it in create_secrets (Terraform), or: aws secretsmanager create-secret --name ${reference.id}; then ${mendOf(reference)}`

const mendOf = (reference: SecretReference): string =>
  reference.kind === 'env'
    ? `set ${reference.name} in env_secrets (Terraform) or envSecrets (CDK), or keep it in Secrets Manager`
    : reference.key === undefined
      ? `aws secretsmanager put-secret-value --secret-id ${reference.id} --secret-string file://secret.txt`
      : `aws secretsmanager put-secret-value --secret-id ${reference.id} --secret-string '{"${reference.key}": "…"}'`

/** A secret that two sources share is told once. */
const unique = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [finding.message, finding])).values(),
]
