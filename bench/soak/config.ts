/** The config of a soak: two senders, and tasks that succeed, that fail, and that have a concurrency group. */
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Config } from '../../src/core/model/config.ts'

export const secrets = {
  GITHUB_SECRET: 'secret-of-the-soaked-hook',
  GITHUB_TOKEN: 'token-of-the-soaked-hook',
  PARTNER_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  STATUS_KEY: 'key-of-the-soaked-status-links',
} as const

/** The `limit` of the concurrency groups. */
export const groupLimit = 2

/** The tasks, and the status with which their runs must end. */
export const expectedStatus = { fine: 'succeeded', failing: 'failed', grouped: 'succeeded' } as const
export type TaskName = keyof typeof expectedStatus

const task = (name: TaskName, command: string, options = '') =>
  `  ${name}: { cluster: soak, taskDefinition: ${name}, container: app, subnets: [s], local: { command: ${command} }${options} }`

/** @param notificationUrl of the notification sink */
export function soakConfig(notificationUrl: string): Config {
  const text = `
sources:
  github: { adapter: github, secret: "env:GITHUB_SECRET", token: "env:GITHUB_TOKEN", apiUrl: "${notificationUrl}" }
  partner:
    adapter: hmac
    scheme: standard-webhooks
    secret: "env:PARTNER_SECRET"
    callbackUrl: "${notificationUrl}/callback"
    callbackSecret: "env:PARTNER_SECRET"
tasks:
${task('fine', '["true"]')}
${task('failing', '[sh, -c, "exit 3"]')}
${task(
  'grouped',
  '["true"]',
  `, concurrency: { group: "\${params.group}", limit: ${groupLimit} }, params: { group: { type: string, required: true } }`,
)}
routes:
  - { on: github, event: push, run: fine, if: 'event.repository.name == "fine"' }
  - { on: github, event: push, run: failing, if: 'event.repository.name == "failing"' }
  - { on: github, event: push, run: grouped, if: 'event.repository.name == "grouped"', with: { group: "\${event.pusher.name}" } }
  - { on: partner, run: fine, if: 'body.task == "fine"', with: {} }
  - { on: partner, run: failing, if: 'body.task == "failing"', with: {} }
  - { on: partner, run: grouped, if: 'body.task == "grouped"', with: { group: "\${body.group}" } }
`
  return compileConfig(text, builtinSpecs, 'the config of the soak')
}
