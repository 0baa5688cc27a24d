/** The config of the front-door tests: the three kinds of sender, one task whose job prints what it was given. */
export const secrets = {
  GITHUB: "It's a Secret to Everybody",
  SLACK: '8f742231b10e8888abcd99yyyzzz85a5',
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  GITHUB_TOKEN: 'ghp_token_that_must_not_travel',
  CUSTOM: 'custom-secret-that-must-not-travel',
} as const

/** Prints its variables as one JSON line; `dataset=fails` exits 3. */
const job = `console.log(JSON.stringify(process.env)); process.exit(process.env.DATASET === 'fails' ? 3 : 0)`

export const configText = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:   { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  custom:  { adapter: hmac, secret: "env:CUSTOM", scheme: { header: x-signature, algorithm: sha256, encoding: hex } }
tasks:
  analyze:
    description: Describes a dataset
    cluster: analytics
    taskDefinition: analyze
    container: app
    subnets: [subnet-a]
    securityGroups: [sg-1]
    local: { command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(job)}] }
    params:
      dataset: { type: string, pattern: "^[a-z0-9_-]{1,64}$", required: true, description: Which dataset }
      depth:   { type: integer, min: 1, max: 10, default: 3 }
      note:    { type: string }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: github, event: push, branches: [main, master], run: analyze, with: { dataset: "\${event.repository.name.lowerAscii()}" } }
  - { on: github, event: issues.opened, run: analyze, with: { dataset: "\${event.repository.name.lowerAscii()}" } }
  - { on: partner, run: analyze }
  - { on: custom, run: analyze }
`
