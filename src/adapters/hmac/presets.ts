/** How known senders sign, as data. test/adapters/hmac compares them with the vendors' documentation and packages. */
import type { HmacScheme } from './hmac-scheme.ts'
import { codeHosts } from './presets-code-hosts.ts'
import { payments } from './presets-payments.ts'
import { services } from './presets-services.ts'
import { standardWebhooks } from './presets-shared.ts'

export const presets = {
  /** https://github.com/standard-webhooks/standard-webhooks: also used by Svix, Clerk, Resend, OpenAI, Anthropic, Supabase and others. */
  'standard-webhooks': { ...standardWebhooks, event: { body: 'type' } },
  ...codeHosts,
  ...payments,
  ...services,
} as const satisfies Record<string, HmacScheme>

export type PresetName = keyof typeof presets
