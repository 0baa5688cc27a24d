/** Calls to GitHub's REST API: as the App's installation, or else with the source's token. */
import type { createAppAuth } from '@octokit/auth-app'
import { request } from '@octokit/request'
import type { SenderTools } from '../../core/adapter.ts'

export interface ApiOptions {
  /** Without a slash at the end. */
  readonly apiUrl: string
  /** Of a GitHub App. Undefined: the source has a token at most. */
  readonly appId: number | undefined
}

export interface ApiClient {
  readonly request: typeof request
  /** An App writes check runs, a token commit statuses. */
  readonly isApp: boolean
}

/**
 * @param installation of the App, as the delivery names it
 * @returns undefined: the source has no credentials for this call
 */
export type GetApiClient = (installation: number | undefined, tools: SenderTools) => Promise<ApiClient | undefined>

/** The tokens of installations live for an hour. They are cached in memory for that long, and stored nowhere. */
export function createGetApiClient({ apiUrl, appId }: ApiOptions): GetApiClient {
  // By private key, so that a rotated key is used at once.
  const appAuths = new Map<string, ReturnType<typeof createAppAuth>>()
  return async (installation, tools) => {
    const anonymous = request.defaults({
      baseUrl: apiUrl,
      headers: { 'user-agent': 'taskhook' },
      request: { fetch: tools.fetch },
    })
    const withToken = (token: string) => anonymous.defaults({ headers: { authorization: `Bearer ${token}` } })
    const privateKey = appId === undefined ? undefined : await tools.token('privateKey')
    // A repository's own hook, unlike the App's, names no installation.
    if (appId !== undefined && privateKey !== undefined && installation !== undefined) {
      const appAuth = appAuths.get(privateKey) ?? (await loadAppAuth(appId, privateKey, anonymous))
      appAuths.set(privateKey, appAuth)
      const { token } = await appAuth({ type: 'installation', installationId: installation })
      return { request: withToken(token), isApp: true }
    }
    const token = await tools.token('token')
    return token === undefined ? undefined : { request: withToken(token), isApp: false }
  }
}

/** Loads the library only if the source is an App. */
async function loadAppAuth(appId: number, privateKey: string, anonymous: typeof request) {
  const { createAppAuth } = await import('@octokit/auth-app')
  return createAppAuth({ appId, privateKey, request: anonymous })
}

/** The HTTP status of a failed call. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined
