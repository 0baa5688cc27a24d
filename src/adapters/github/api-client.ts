/** Who speaks to GitHub: the App's installation, else a token. */
import type { createAppAuth } from '@octokit/auth-app'
import { request } from '@octokit/request'
import type { SenderTools } from '../../core/adapter.ts'
import type { GitHubApi } from './reply-address.ts'

export interface ApiClient {
  readonly speak: typeof request
  /** An App writes check runs; a token, commit statuses. */
  readonly asApp: boolean
}

export type ApiClients = (installation: number | undefined, tools: SenderTools) => Promise<ApiClient | undefined>

/** Installations' tokens are kept for the hour that they live, and nowhere else. */
export function createApiClients({ apiUrl, appId }: GitHubApi): ApiClients {
  /** By private key: after a rotation the new one speaks. */
  const auths = new Map<string, ReturnType<typeof createAppAuth>>()
  return async (installation, tools) => {
    const speak = request.defaults({
      baseUrl: apiUrl,
      headers: { 'user-agent': 'taskhook' },
      request: { fetch: tools.fetch },
    })
    const as = (token: string) => speak.defaults({ headers: { authorization: `Bearer ${token}` } })
    const privateKey = appId === undefined ? undefined : await tools.token('privateKey')
    // A hook of the repository, beside the App's, names no installation.
    if (appId !== undefined && privateKey !== undefined && installation !== undefined) {
      const auth = auths.get(privateKey) ?? (await appAuth(appId, privateKey, speak))
      auths.set(privateKey, auth)
      const { token } = await auth({ type: 'installation', installationId: installation })
      return { speak: as(token), asApp: true }
    }
    const token = await tools.token('token')
    return token === undefined ? undefined : { speak: as(token), asApp: false }
  }
}

/** Loaded by whoever speaks as an App, and only then. */
async function appAuth(appId: number, privateKey: string, speak: typeof request) {
  const { createAppAuth } = await import('@octokit/auth-app')
  return createAppAuth({ appId, privateKey, request: speak })
}
