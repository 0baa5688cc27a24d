/** The built-in adapters by name. Only adapters that the config names are loaded. */
import type { AdapterFactory } from '../core/adapter.ts'

export type AdapterLoader = () => Promise<AdapterFactory>

export const builtin = {
  github: async () => (await import('./github/index.ts')).github,
  slack: async () => (await import('./slack/index.ts')).slack,
  hmac: async () => (await import('./hmac/index.ts')).hmac,
} as const satisfies Record<string, AdapterLoader>
