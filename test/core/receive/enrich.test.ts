/** When the sender is asked. What it is asked is tested in routing/lookup.test.ts, what an adapter makes of it in the adapters' tests. */
import { expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import type { Adapter, Facts, SenderTools, Trigger } from '../../../src/core/adapter.ts'
import { enrich } from '../../../src/core/receive/enrich.ts'
import { prepareRoute } from '../../../src/core/routing/prepare-route.ts'

const config = compileConfig(
  `
sources: { github: { adapter: github, secret: "env:G", token: "env:T" } }
tasks: { analyze: { cluster: c, taskDefinition: t, subnets: [s] } }
routes:
  - { on: github, event: pull_request, paths: ["data/**"], run: analyze }
  - { on: github, event: issue_comment.created, command: /analyze, run: analyze, allow: { users: [ann] } }
`,
  builtinSpecs,
)

async function enriched(facts: Facts, more: Partial<Trigger> = {}) {
  let asked = 0
  const never = () => {
    throw new Error('not called here')
  }
  const adapter: Adapter = {
    ...{ verify: never, translate: never, updateStatus: never },
    async enrich() {
      asked++
      return { facts: { paths: ['data/x'], fork: true } }
    },
  }
  const { github } = config.sources
  if (github === undefined) throw new Error('no source')
  const trigger: Trigger = {
    ...{
      event: 'push',
      deliveryId: 'd',
      actor: 'bob',
      facts,
      rawParams: { kind: 'none' },
      payload: {},
      replyAddress: null,
    },
    ...more,
  }
  const after = await enrich(
    { routes: config.routes.map(prepareRoute) },
    { config: github, adapter },
    trigger,
    {} as SenderTools,
  )
  return { asked, same: after.trigger === trigger, facts: after.trigger.facts }
}

it('asks the sender for facts that a route depends on', async () => {
  expect(await enriched({ events: ['pull_request'], paths: 'unknown' })).toMatchObject({
    asked: 1,
    facts: { paths: ['data/x'], events: ['pull_request'] },
  })
})

// The same trigger, not a copy: only a changed one may be longer than the delivery, and is matched within a time budget.
it.each<[string, Facts]>([
  ['no route could match', { events: ['push'] }],
  ['nothing is missing', { events: ['pull_request'], paths: ['docs/x'] }],
  ['the person may use no route', { events: ['issue_comment.created'], command: '/analyze', user: 'bob' }],
])('does not ask if %s', async (_, facts) => {
  expect(await enriched(facts)).toMatchObject({ asked: 0, same: true })
})

it('does not ask for a person who may use no route, even if the change may come from a fork', async () => {
  const facts = { events: ['issue_comment.created'], command: '/analyze', user: 'bob', fork: true }
  expect(await enriched(facts, { incomplete: true })).toEqual({
    asked: 0,
    same: false,
    facts: { ...facts, fork: false },
  })
})
