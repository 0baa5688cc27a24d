/** The parts of an ARN. Pure. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */

/** `arn:partition:service:region:account:resource` */
export interface Arn {
  readonly partition: string
  readonly service: string
  /** Empty if the service has no regions. */
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Undefined: the text is a plain name. */
export function arnOf(text: string): Arn | undefined {
  const [prefix, partition, service, region = '', account = '', ...rest] = text.split(':')
  const resource = rest.join(':')
  if (prefix !== 'arn' || !partition || !service || resource === '') return undefined
  return { partition, service, region, account, resource }
}
