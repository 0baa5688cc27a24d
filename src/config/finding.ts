/** What a check finds wrong with a config: where, what, and how to fix it. */

/** Keys and indexes from the top of the config: `['routes', 2, 'event']`. */
export type ConfigPath = readonly (string | number)[]

export interface ConfigFinding {
  readonly path: ConfigPath
  readonly message: string
}

/** A list of one, to be combined with others. */
export const finding = (path: ConfigPath, message: string): ConfigFinding[] => [{ path, message }]
