/** `taskhook doctor` for GitHub sources: the form of the secrets, and whether GitHub accepts the token for what the routes need. */
import { request } from '@octokit/request'
import { type Checkup, type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { statusOf } from './api-client.ts'

/** Each of these permits commit statuses. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
const statusScopes = ['repo', 'repo:status', 'public_repo']

/** A token that expires within this time is a warning, in milliseconds. */
const expirySoon = 14 * 86_400_000

/** Calls the API. @returns undefined: GitHub rejects the token, or does not show it this resource */
type Ask = (
  route: string,
  parameters?: Readonly<Record<string, string>>,
) => Promise<{ readonly headers: Readonly<Record<string, unknown>> } | undefined>

export const checkup: Checkup = {
  whyMalformed(key, value) {
    if (key === 'privateKey')
      return /^-----BEGIN (RSA )?PRIVATE KEY-----/.test(value)
        ? undefined
        : 'is not the private key of an App: that file begins with -----BEGIN RSA PRIVATE KEY-----'
    if (key === 'token')
      return /^(gh[pousr]_|github_pat_)\w+$/.test(value)
        ? undefined
        : 'is not a GitHub token: tokens begin with github_pat_, ghp_ or ghs_'
    return value.length < 8
      ? `has ${value.length} characters, which can be guessed; GitHub recommends a random string with high entropy`
      : undefined
  },

  async credentials({ name, options }, routes, { fetch, token, now }) {
    const credential = await token('token')
    if (credential === undefined) return []
    const ask = createAsk(credential, String(options.apiUrl ?? 'https://api.github.com'), fetch)
    const limits = await ask('GET /rate_limit')
    if (limits === undefined)
      return [
        problem(
          `${name}: GitHub rejects the token`,
          'create a new token, and store it under the secret reference in the config',
        ),
      ]
    const repositories = namedRepositories(routes.flatMap(({ repositories = [] }) => repositories))
    const findings = [
      ...scopeFindings(name, limits.headers['x-oauth-scopes']),
      ...expiryFindings(name, limits.headers['github-authentication-token-expiration'], now()),
      ...(await Promise.all(repositories.map((repository) => accessFindings(name, repository, ask)))).flat(),
    ]
    return findings.length > 0 ? findings : [ok(`${name}: GitHub accepts the token`)]
  },
}

const createAsk =
  (credential: string, apiUrl: string, fetch: typeof globalThis.fetch): Ask =>
  (route, parameters = {}) =>
    request(route, {
      ...parameters,
      baseUrl: apiUrl.replace(/\/$/, ''),
      headers: { authorization: `Bearer ${credential}`, 'user-agent': 'taskhook' },
      request: { fetch },
    }).catch((error: unknown) => {
      if ([401, 403, 404].includes(statusOf(error) ?? 0)) return undefined
      throw error
    })

/** @param scopes header of a classic token; a fine-grained token has none */
function scopeFindings(name: string, scopes: unknown): readonly Finding[] {
  if (typeof scopes !== 'string' || scopes.split(/, */).some((scope) => statusScopes.includes(scope))) return []
  return [
    problem(
      `${name}: the token may not write commit statuses; its scopes are ${scopes || 'none'}`,
      'grant it repo:status, or create a fine-grained token with "Commit statuses: write"',
    ),
  ]
}

const expiryFindings = (name: string, expires: unknown, now: number): readonly Finding[] =>
  typeof expires === 'string' && Date.parse(expires) - now < expirySoon
    ? [warning(`${name}: the token expires at ${expires}`, 'create a new token, and store it')]
    : []

async function accessFindings(name: string, repository: string, ask: Ask): Promise<readonly Finding[]> {
  const [owner = '', repo = ''] = repository.split('/')
  return (await ask('GET /repos/{owner}/{repo}', { owner, repo })) === undefined
    ? [problem(`${name}: the token has no access to ${repository}`, 'grant it access to that repository')]
    : []
}

/** The repositories that are named in full, without a glob. */
const namedRepositories = (globs: readonly string[]): readonly string[] => [
  ...new Set(globs.filter((glob) => /^[\w.-]+\/[\w.-]+$/.test(glob))),
]
