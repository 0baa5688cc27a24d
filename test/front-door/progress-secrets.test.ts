/** docs/progress.md: values of secret parameters are removed from a report before it is stored, and a run's token is stored nowhere. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ProgressStage, password, startProgressStage } from './progress-stage.ts'

let on: ProgressStage
beforeEach(async () => {
  on = await startProgressStage()
})
afterEach(() => on.stage.close())

it('secret parameters are removed from messages, outputs, links and their keys', async () => {
  const started = await on.start()
  expect(await on.environmentOf(started.run)).toMatchObject({ PASSWORD: password, PIN: '246813' })
  await on.reportAndDeliver(started, {
    percent: 24,
    message: `logging in with ${password} and 246813 about sales`,
    outputs: { 'pin.246813': `password=${password}` },
    links: [{ label: password, url: `https://example.com/246813?p=${encodeURIComponent(password)}` }],
  })
  const { progress, params, ...shown } = await on.view(started)
  expect(progress).toEqual({ percent: 24, message: 'logging in with (hidden) and (hidden) about sales' })
  expect(params).toEqual({ dataset: 'sales', password: '(hidden)', pin: '(hidden)' })
  expect(shown).toMatchObject({
    outputs: { 'pin.(hidden)': 'password=(hidden)' },
    links: [{ label: '(hidden)', url: 'https://example.com/(hidden)?p=(hidden)' }],
  })
  const places = {
    view: JSON.stringify(await on.view(started)),
    ledger: JSON.stringify((await on.stage.runRecord(started.run)).progress),
    logs: on.stage.logs.join(''),
  }
  for (const [name, text] of Object.entries(places)) {
    expect(text, name).not.toContain('hunter2')
    expect(text, name).not.toContain('246813')
  }
})

it("a container's token is in no item, no log line and no answer", async () => {
  const started = await on.start()
  await on.reportAndDeliver(started, { percent: 1 })
  expect(started.token).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(await on.stage.items())).not.toContain(started.token)
  expect(on.stage.logs.join('')).not.toContain(started.token)
  expect(JSON.stringify(await on.view(started))).not.toContain(started.token)
})
