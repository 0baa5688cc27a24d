/** Names a secret in the config: `env:NAME`, or `secretsmanager:ID#KEY`, where the id may be an ARN. Pure. */

export type SecretReference =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'secretsmanager'; readonly id: string; readonly key: string | undefined }

/** Undefined: the text is not a reference. */
export function parseReference(text: string): SecretReference | undefined {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)
  if (env?.[1] !== undefined) return { kind: 'env', name: env[1] }
  const manager = /^secretsmanager:([^#\s]+)(?:#([^#\s]+))?$/.exec(text)
  return manager?.[1] === undefined ? undefined : { kind: 'secretsmanager', id: manager[1], key: manager[2] }
}
