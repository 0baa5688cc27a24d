/** Where a container logs. Pure. */

/** Of a container that logs with `awslogs`. */
export interface LogConfig {
  readonly region: string
  readonly group: string
  readonly prefix: string
}

/** @param options of the container's logConfiguration @returns undefined: its lines go elsewhere */
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
