/** Reads the compiled config. Needs no YAML and no schema: the config was validated when it was built. */
import { messageOf } from '../errors.ts'
import { type Config, configVersion } from './config.ts'
import { freezeDeep } from './freeze.ts'

/** @throws {Error} if the text is not JSON, or a config of another version */
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
