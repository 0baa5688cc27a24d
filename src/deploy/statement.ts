/** A statement of an IAM policy, with placeholders such as `{Table}` for the names of the account's own resources. */

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/**
 * Terraform and CDK fill in `{Partition}`, `{Region}`, `{Account}`, `{Table}`, `{Queue}`, `{Key}` and `{PassRoles}`.
 * The `Sid` says in CamelCase what the statement is for; operators read it in the console.
 */
export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: Conditions
}

/** @returns no statement if there is no resource to name */
export const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Conditions,
): Statement[] =>
  Resource.length === 0
    ? []
    : [{ Sid, Effect: 'Allow', Action, Resource, ...(Condition !== undefined && { Condition }) }]

/** Limits a statement on the table to items of one kind. Without `Null`, "ForAllValues" would also match a request that names no key. */
export const itemsWithKey = (key: string): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})
