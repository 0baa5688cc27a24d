/** Deliveries to the sources that most stages have, `github` and `partner`, and the secrets that sign them. */
import { type Delivery, githubDelivery, standardDelivery } from './deliveries.ts'

export const stageSecrets = {
  GITHUB: 'github-secret-of-the-stage',
  GITHUB_TOKEN: 'ghp_token_of_the_stage',
  SLACK: 'slack-secret-of-the-stage',
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
} as const

/** A commit hash that no other test has. */
export const randomSha = (): string => crypto.randomUUID().replaceAll('-', '').padEnd(40, '0')

/** A push to `main` of the repository `demo/<task>`. @param sha 40 hexadecimal digits */
export const pushTo = (task: string, sha: string = randomSha()): { sha: string; delivery: Delivery } => {
  const repository = { name: task, full_name: `demo/${task}` }
  const body = JSON.stringify({ ref: 'refs/heads/main', after: sha, repository, sender: { login: 'ann' } })
  return { sha, delivery: githubDelivery(stageSecrets.GITHUB, body, 'push') }
}

/** A delivery to an HMAC source of Standard Webhooks. @param now milliseconds since the epoch */
export const partnerDelivery = (now: number, body: unknown = {}): Delivery =>
  standardDelivery(stageSecrets.PARTNER, JSON.stringify(body), { at: now / 1000 })
