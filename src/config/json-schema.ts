import { toJsonSchema } from '@valibot/to-json-schema'
import { configSchema } from './schema.ts'
import type { AdapterSpecs } from './spec.ts'

/** The JSON Schema of `taskhook.yaml`, for editors, out of the validator itself. */
export const configJsonSchema = (specs: AdapterSpecs): Record<string, unknown> => ({
  title: 'taskhook.yaml',
  ...toJsonSchema(configSchema(specs), { typeMode: 'input', errorMode: 'ignore' }),
})
