import { request } from '@octokit/request'
import { type Checkup, type Finding, ok, problem, warning } from '../../core/model/checkup.ts'

/** Either is enough to write commit statuses. https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps */
const scopesForStatuses = ['repo', 'repo:status', 'public_repo']

export const checkup: Checkup = {
  whyMalformed(key, value) {
    if (key === 'privateKey')
      return /^-----BEGIN (RSA )?PRIVATE KEY-----/.test(value)
        ? undefined
        : 'is not the private key of an App: that is a file which begins with -----BEGIN RSA PRIVATE KEY-----'
    if (key === 'token')
      return /^(gh[pousr]_|github_pat_)\w+$/.test(value)
        ? undefined
        : 'is not a token of GitHub: those begin with github_pat_, ghp_ or ghs_'
    return value.length < 8
      ? `has ${value.length} characters, which can be guessed; GitHub asks for high entropy`
      : undefined
  },

  async credentials({ name, options }, routes, { fetch, token, now }) {
    const credential = await token('token')
    if (credential === undefined) return []
    const common = {
      baseUrl: String(options.apiUrl ?? 'https://api.github.com').replace(/\/$/, ''),
      headers: { authorization: `Bearer ${credential}`, 'user-agent': 'taskhook' },
      request: { fetch },
    }
    const ask = (route: string, parameters: Record<string, string> = {}) =>
      request(route, { ...common, ...parameters }).catch((error: { status?: number }) => {
        if (error.status === 401 || error.status === 403 || error.status === 404) return undefined
        throw error
      })
    const limits = await ask('GET /rate_limit')
    if (limits === undefined)
      return [
        problem(`${name}: GitHub refuses the token`, 'make a new one, and store it under the name that the config has'),
      ]

    const findings: Finding[] = []
    const { 'x-oauth-scopes': scopes, 'github-authentication-token-expiration': expires } = limits.headers as Record<
      string,
      string | undefined
    >
    // Fine-grained tokens name none.
    if (scopes !== undefined && !scopes.split(/, */).some((scope) => scopesForStatuses.includes(scope)))
      findings.push(
        problem(
          `${name}: the token may not write commit statuses; its scopes are ${scopes || 'none'}`,
          'give it repo:status, or make a fine-grained one with "Commit statuses: write"',
        ),
      )
    if (expires !== undefined && Date.parse(expires) - now() < 14 * 86_400_000)
      findings.push(warning(`${name}: the token expires at ${expires}`, 'make a new one, and store it'))
    for (const repository of named(routes.flatMap(({ repositories = [] }) => repositories))) {
      const [owner = '', repo = ''] = repository.split('/')
      const answer = await ask('GET /repos/{owner}/{repo}', { owner, repo })
      if (answer === undefined)
        findings.push(problem(`${name}: the token does not see ${repository}`, 'give it access to that repository'))
    }
    return findings.length > 0 ? findings : [ok(`${name}: GitHub takes the token`)]
  },
}

/** Those that are named in full, without a glob. */
const named = (globs: readonly string[]): string[] => [
  ...new Set(globs.filter((glob) => /^[\w.-]+\/[\w.-]+$/.test(glob))),
]
