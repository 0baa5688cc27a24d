/** Reads the value of a secret reference the way the functions do. */
import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { SecretReference } from '../../core/aws/secret-reference.ts'
import { type DoctorContext, environmentOf } from './context.ts'
import { getIfExists } from './get-if-exists.ts'

export type SecretLookup =
  | { readonly kind: 'missing' }
  /** The secret exists and has no value yet. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'stored'; readonly value: string | undefined }

/** @throws {AwsRequestFailed} */
export async function readSecret(reference: SecretReference, context: DoctorContext): Promise<SecretLookup> {
  if (reference.kind === 'env') {
    const value = environmentOf(context)[reference.name]
    return value === undefined ? { kind: 'missing' } : { kind: 'stored', value }
  }
  const { secrets } = context.aws
  const command = new GetSecretValueCommand({ SecretId: reference.id, VersionStage: 'AWSCURRENT' })
  const answer = await getIfExists(secrets.send(command))
  if (answer !== undefined) return { kind: 'stored', value: answer.SecretString }
  // GetSecretValue also answers "not found" for a secret that exists without a value.
  const described = await getIfExists(secrets.send(new DescribeSecretCommand({ SecretId: reference.id })))
  return { kind: described === undefined ? 'missing' : 'empty' }
}

/** The key inside the secret's JSON, if the reference names one. */
export const jsonKeyOf = (reference: SecretReference): string | undefined =>
  reference.kind === 'env' ? undefined : reference.key
