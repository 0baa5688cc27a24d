/** Where a container writes its log. Pure. */

/** Of a container that logs to CloudWatch (`awslogs`). */
export interface LogConfig {
  readonly region: string
  readonly group: string
  readonly prefix: string
}

/**
 * @param config the container's `logConfiguration`
 * @returns undefined if the container logs elsewhere, or without a stream prefix
 */
export function logConfigOf(
  config: {
    readonly logDriver?: string | undefined
    readonly options?: Readonly<Record<string, string>> | undefined
  } = {},
): LogConfig | undefined {
  const { 'awslogs-group': group, 'awslogs-region': region, 'awslogs-stream-prefix': prefix } = config.options ?? {}
  if (config.logDriver !== 'awslogs' || group === undefined || region === undefined || prefix === undefined)
    return undefined
  return { region, group, prefix }
}
