/** What each built-in adapter adds to the config. Only tools that read YAML load it, never a Lambda function. */
import type { AdapterSpecs } from '../config/spec.ts'
import { githubSpec } from './github/spec.ts'
import { hmacSpec } from './hmac/spec.ts'
import type { builtin } from './registry.ts'
import { slackSpec } from './slack/spec.ts'

export const builtinSpecs = {
  github: githubSpec,
  slack: slackSpec,
  hmac: hmacSpec,
} as const satisfies AdapterSpecs & Record<keyof typeof builtin, unknown>
