/** When a sender is asked. What is asked, route.test.ts has; what comes of it, the adapters' tests. */
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

async function completed(facts: Facts, more: Partial<Trigger> = {}) {
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

it('is asked for what a route depends on', async () => {
  expect(await completed({ events: ['pull_request'], paths: 'unknown' })).toMatchObject({
    asked: 1,
    facts: { paths: ['data/x'], events: ['pull_request'] },
  })
})

// The same trigger, not one like it: what was asked for may be long, and is looked through under a watchdog.
it.each<[string, Facts]>([
  ['no route takes it', { events: ['push'] }],
  ['all is known', { events: ['pull_request'], paths: ['docs/x'] }],
  ['it is none of theirs who may', { events: ['issue_comment.created'], command: '/analyze', user: 'bob' }],
])('is not asked where %s', async (_, facts) => {
  expect(await completed(facts)).toMatchObject({ asked: 0, same: true })
})

it('is not asked by somebody who may not anyway, and whose change may come from a fork', async () => {
  const facts = { events: ['issue_comment.created'], command: '/analyze', user: 'bob', fork: true }
  expect(await completed(facts, { incomplete: true })).toEqual({
    asked: 0,
    same: false,
    facts: { ...facts, fork: false },
  })
})
