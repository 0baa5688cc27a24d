/** What an adapter may use to call its sender. */
import type { SenderTools } from '../adapter.ts'
import type { Services, Source } from '../services.ts'

export type SenderServices = Pick<Services, 'sources' | 'secrets' | 'fetch' | 'fetchPublic' | 'now'>

/** Milliseconds. A sender that does not answer must not delay the notifications of others. */
const senderTimeoutMs = 5_000

export const senderTools = (services: SenderServices, source: string): SenderTools => ({
  fetch: (input, init) => services.fetch(input, { ...init, signal: AbortSignal.timeout(senderTimeoutMs) }),
  fetchPublic: (input, init) => services.fetchPublic(input, { ...init, signal: AbortSignal.timeout(senderTimeoutMs) }),
  now: services.now,
  async token(name) {
    const references = services.sources.get(source)?.config.tokens[name]
    return references === undefined ? undefined : services.secrets.current(references)
  },
})

/** The same for `receive`, which has only the tokens that its routes need. */
export function receiveTools(services: SenderServices, { config }: Source): SenderTools {
  const tools = senderTools(services, config.name)
  return {
    ...tools,
    token: async (name) => (config.receiveTokens?.includes(name) === true ? tools.token(name) : undefined),
  }
}
