/** A config that uses many of the keys. */
export const whole = `
sources:
  github:  { adapter: github, secret: ["secretsmanager:taskhook/github#webhook"], token: "secretsmanager:taskhook/github#token" }
  slack:   { adapter: slack, signingSecret: "secretsmanager:taskhook/slack#signing", botToken: "secretsmanager:taskhook/slack#bot" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER_SECRET" }

tasks:
  analyze:
    cluster: analytics
    taskDefinition: analyze
    container: app
    subnets: [subnet-a, subnet-b]
    securityGroups: [sg-1]
    capacity: [FARGATE_SPOT, FARGATE]
    timeout: 2h
    params:
      dataset: { type: string, pattern: "^[a-z0-9_-]{1,64}$", required: true, env: DATASET, description: Which dataset }
      depth:   { type: integer, min: 1, max: 10, default: 3, env: DEPTH }
      dry-run: { type: boolean }

routes:
  - { on: slack, command: /analyze, run: analyze, allow: { users: [U123], channels: C1 } }
  - on: github
    event: push
    branches: [main, "release/**"]
    paths: ["data/**"]
    run: analyze
    with: { dataset: "\${event.repository.name}" }
  - name: releases
    on: github
    event: release.published
    if: event.release.draft == false
    run: analyze
    with: { dataset: all, depth: 10 }
  - { on: github, event: push, tags: "v*", run: analyze, with: { dataset: tagged } }
  - { on: partner, run: analyze, with: { dataset: "\${body.dataset}" } }
`
