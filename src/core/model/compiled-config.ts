/** The compiled config, read back. Nothing here knows YAML or a schema: that was done when it was built. */
import { messageOf } from '../errors.ts'
import { type Config, configVersion } from './config.ts'
import { freezeDeep } from './freeze.ts'

/** @throws {Error} where the text is of another version, or none of ours */
export function parseCompiled(json: string): Config {
  let config: Partial<Config>
  try {
    config = (JSON.parse(json) ?? {}) as Partial<Config>
  } catch (cause) {
    throw new Error(`the compiled config is not JSON: ${messageOf(cause)}`, { cause })
  }
  if (config.version === configVersion) return freezeDeep(config as Config)
  throw new Error(
    `the compiled config has version ${config.version}; this taskhook reads ${configVersion}: run "taskhook build" again`,
  )
}
