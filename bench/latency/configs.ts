/** The configs and the deliveries that are measured. */
import { createHmac } from 'node:crypto'
import push from '../../src/local/samples/github-push.json' with { type: 'json' }

const tasks =
  'tasks: { analyze: { cluster: c, taskDefinition: t, container: app, subnets: [s], params: { name: { type: string, required: true } } } }'
const sources =
  'github: { adapter: github, secret: "env:SECRET" }, partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:SECRET" }'
const route =
  '{ on: github, event: push, branches: [master], run: analyze, with: { name: "${event.repository.name}" } }'

/** YAML. */
export const configs = {
  github: `sources: { ${sources} }\n${tasks}\nroutes: [${route}]`,
  slack: `sources: { ${sources}, slack: { adapter: slack, signingSecret: "env:SECRET" } }\n${tasks}\nroutes: [${route}, { on: slack, command: /analyze, run: analyze }]`,
}

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const hmac = (text: string): string => createHmac('sha256', secret).update(text).digest('hex')

const eventOf = (path: string, type: string, body: string, headers: Readonly<Record<string, string>>) => ({
  rawPath: path,
  headers: { 'content-type': type, ...headers },
  body,
  isBase64Encoded: false,
  requestContext: { domainName: 'x.lambda-url.eu-west-1.on.aws', http: { method: 'POST', path } },
})

/** Function URL events. They are signed when they are sent, since Slack signs the time. */
export const deliveries = {
  push() {
    const body = JSON.stringify(push)
    const headers = { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body)}` }
    return eventOf('/github', 'application/json', body, headers)
  },
  command() {
    const body = 'command=%2Fanalyze&text=taskhook&user_id=U1&channel_id=C1&trigger_id=1.2.3'
    const seconds = String(Math.floor(Date.now() / 1000))
    const headers = { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hmac(`v0:${seconds}:${body}`)}` }
    return eventOf('/slack', 'application/x-www-form-urlencoded', body, headers)
  },
}
