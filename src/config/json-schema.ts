/** The JSON Schema of `taskhook.yaml`, for editors. */
import { toJsonSchema } from '@valibot/to-json-schema'
import { configSchema } from './schema.ts'
import type { AdapterSpecs } from './spec.ts'

/** Made from the validator, so both accept the same. What JSON Schema cannot express is only validated. */
export const configJsonSchema = (specs: AdapterSpecs): Record<string, unknown> => ({
  title: 'taskhook.yaml',
  ...toJsonSchema(configSchema(specs), { typeMode: 'input', errorMode: 'ignore' }),
})
