/** docs: a form marks wrong values at their fields; where a form cannot help, or the person may not run the task, none opens and nothing runs. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { ann, eve } from '../support/slack/people.ts'
import { renderedTexts } from '../support/slack/rendered.ts'
import type { OpenForm } from '../support/slack/requests.ts'
import { type FormStage, startFormStage } from './slack-form-stage.ts'

let on: FormStage
const begin = async (token = true) => {
  on = await startFormStage(token)
}
afterEach(() => on.stage.close())

const submit = async (form: OpenForm, values: Readonly<Record<string, string>>, by = ann) => {
  const answer = await on.post(on.slack.submitForm(form, values, by))
  expect(answer.statusCode).toBe(200)
  return bodyOf(answer)
}
const expectNothingRuns = async () => {
  expect(await on.drain()).toEqual([])
  expect(await on.stage.tasks()).toEqual([])
}

describe('a submitted form', () => {
  beforeEach(() => begin())

  it('with wrong values is marked at their fields', async () => {
    const form = await on.openForm()
    expect(await submit(form, { dataset: 'SALES!', region: 'mars', depth: '99' })).toEqual({
      response_action: 'errors',
      errors: {
        'p:dataset': 'is "SALES!", which does not match ^[a-z]{1,20}$',
        'p:region': 'is "mars"; must be one of eu, us',
        'p:depth': 'is 99; the largest is 10',
      },
    })
    await expectNothingRuns()
  })

  it('that still lacks a parameter is marked there, and opens no second form', async () => {
    const form = await on.openForm()
    expect(await submit(form, { dataset: 'sales' })).toEqual({
      response_action: 'errors',
      errors: { 'p:region': 'is missing: one of eu, us' },
    })
    await expectNothingRuns()
    expect(on.slack.openForms).toHaveLength(1)
  })

  it('with a parameter that does not exist is marked at its first field', async () => {
    const form = await on.openForm()
    const extra = { ...form.view.blocks.at(-1), block_id: 'p:PATH' } as OpenForm['view']['blocks'][number]
    const changed = { ...form, view: { ...form.view, blocks: [...form.view.blocks, extra] } }
    const answer = await submit(changed, { dataset: 'sales', region: 'eu', PATH: '/tmp' })
    expect(answer.response_action).toBe('errors')
    expect(JSON.stringify(answer)).toContain('PATH is not a parameter')
    await expectNothingRuns()
  })

  it('for a command that is no longer in the config says so', async () => {
    const form = await on.openForm()
    const metadata = { ...JSON.parse(form.view.private_metadata ?? ''), command: '/gone' }
    const gone = { ...form, view: { ...form.view, private_metadata: JSON.stringify(metadata) } }
    const answer = await submit(gone, { dataset: 'sales', region: 'eu' })
    expect(answer).toMatchObject({ response_action: 'update' })
    expect(JSON.stringify(answer)).toContain('Nothing was started: no route takes /gone')
    await expectNothingRuns()
  })

  it('that Slack did not sign is refused', async () => {
    const form = await on.openForm()
    const { headers, body } = on.slack.submitForm(form, { dataset: 'sales', region: 'eu' })
    const forged = { headers: { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` }, body }
    expect((await on.post(forged)).statusCode).toBe(401)
    await expectNothingRuns()
  })

  it('of another person runs nothing if the route does not allow that person', async () => {
    const form = await on.openForm('', '/closed')
    const answer = await submit(form, { dataset: 'sales' }, eve)
    expect(answer).toMatchObject({ response_action: 'update', view: { title: { text: 'other' } } })
    expect(JSON.stringify(answer)).toContain('this is not open to you')
    await expectNothingRuns()
    // The person who opened it is allowed.
    expect((await on.post(on.slack.submitForm(form, { dataset: 'sales' }))).body).toBe('')
    expect(await on.drain()).toHaveLength(1)
    expect(await on.stage.tasks()).toHaveLength(1)
  })
})

describe('no form opens', () => {
  beforeEach(() => begin())
  const expectNoForm = () => expect(on.slack.callsOf('views.open')).toEqual([])

  it.each(['/both', '/mixed'])('for %s, which two routes take: the reply explains what is missing', async (command) => {
    const reply = await on.type('', command)
    expect(reply.text).toMatch(/^Nothing was started\. other: |^Nothing was started\. analyze: /)
    expect(renderedTexts(reply).join()).toContain('*dataset* is missing')
    expectNoForm()
  })

  it('if the route lacks a parameter: a form could not ask for it', async () => {
    const reply = await on.type('region=eu', '/computed')
    expect(renderedTexts(reply)[0]).toContain('*dataset* is missing')
    expectNoForm()
  })

  it('if a parameter is wrong as well', async () => {
    const reply = await on.type('depth=99')
    expect(renderedTexts(reply)[0]).toContain('*depth* is 99; the largest is 10')
    expectNoForm()
  })

  it.each([
    ['the person', eve, 'C0DATA', 'this is not open to you'],
    ['the channel', ann, 'C0ELSE', 'this is not open in this channel'],
  ] as const)('if the route does not allow %s', async (_, by, channel, why) => {
    const reply = await on.type('', '/closed', by, channel)
    expect(reply.text).toBe(`Nothing was started. other: ${why}`)
    expectNoForm()
  })
})

it('without a bot token no form opens: the reply explains what is missing', async () => {
  await begin(false)
  const reply = await on.type('region=eu')
  expect(reply.text).toBe('Nothing was started. analyze: a parameter is wrong')
  expect(renderedTexts(reply)[0]).toContain('*dataset* is missing: text like')
  await expectNothingRuns()
  expect(on.slack.calls).toEqual([])
})
