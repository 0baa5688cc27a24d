/** Compiles `taskhook.yaml` to a config, or reports every problem at once. */
import * as v from 'valibot'
import type { Config } from '../core/model/config.ts'
import { freezeDeep } from '../core/model/freeze.ts'
import { ConfigError, pathText } from './config-error.ts'
import { configSchema } from './schema.ts'
import { schemaFindings } from './schema-findings.ts'
import { checkSemantics } from './semantic-checks.ts'
import type { AdapterSpecs } from './spec.ts'
import { toConfig } from './to-config.ts'
import { parseYaml } from './yaml-document.ts'

/**
 * @param yaml the text of `taskhook.yaml`
 * @param specs the adapters that its sources may name
 * @param file the name of the file in error messages
 * @throws {ConfigError}
 */
export function compileConfig(yaml: string, specs: AdapterSpecs, file?: string): Config {
  const { value, lineOf } = parseYaml(yaml, file)
  const schema = configSchema(specs)
  // Both, so that one run of `check` reports everything, even if the shape is wrong somewhere.
  const findings = [...schemaFindings(schema, value), ...checkSemantics(value, specs)]
  const parsed = v.safeParse(schema, value)
  if (findings.length === 0 && parsed.success) return freezeDeep(toConfig(parsed.output, specs))
  const problems = findings.map(({ path, message }) => {
    const line = lineOf(path)
    return { path: pathText(path), message, ...(line !== undefined && { line }) }
  })
  const unique = new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem]))
  throw new ConfigError(
    [...unique.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    file,
  )
}
