/** A conditional change of one item, as DynamoDB's expressions. Pure: values stay plain, and `aws/dynamodb-items.ts` converts them. */
export interface Change {
  /** Undefined values are left as they are. */
  readonly set: Readonly<Record<string, unknown>>
  /** Numbers to add to whatever the attributes contain at that moment. */
  readonly add?: Readonly<Record<string, number>>
  readonly remove?: readonly string[]
  readonly when: string
  /** Names in `when` that must be written with a "#". */
  readonly names?: readonly string[]
  readonly values?: Readonly<Record<string, unknown>>
}

export function expressionOf({ set, add = {}, remove = [], when, names = [], values = {} }: Change) {
  const changed = Object.entries(set).filter(([, value]) => value !== undefined)
  const sets = changed.map(([name]) => `#${name} = :set_${name}`)
  const adds = Object.keys(add).map((name) => `#${name} :add_${name}`)
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(adds.length > 0 ? [`ADD ${adds.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`] : []),
  ]
  const used = new Set([...changed.map(([name]) => name), ...Object.keys(add), ...remove, ...names])
  const bound = {
    ...Object.fromEntries(changed.map(([name, value]) => [`:set_${name}`, value])),
    ...Object.fromEntries(Object.entries(add).map(([name, value]) => [`:add_${name}`, value])),
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  }
  return {
    UpdateExpression: clauses.join(' '),
    ConditionExpression: when,
    ExpressionAttributeNames: Object.fromEntries([...used].map((name) => [`#${name}`, name])),
    ...(Object.keys(bound).length > 0 && { ExpressionAttributeValues: bound }),
  }
}
