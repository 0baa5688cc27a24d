import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeholderSecret } from '../../src/local/local-secrets.ts'
import { curl, type Dev, sign, startDev } from '../cli/process.ts'
import { eventually } from '../support/eventually.ts'

describe('examples/slack-command', () => {
  let dev: Dev
  beforeAll(async () => {
    dev = await startDev('examples/slack-command/taskhook.yaml')
  })
  afterAll(() => dev?.stop())

  const type = (text: string) =>
    curl(
      `${dev.url}/slack`,
      sign.slack(placeholderSecret('secretsmanager:taskhook/slack'), {
        command: '/analyze',
        text,
        user_id: 'U2147483697',
      }),
    )

  it('runs the script with the typed parameters, and updates Slack when it runs and when it ends', async () => {
    const { status, body } = await type('dataset=sales depth=2')
    expect(status).toBe(200)
    expect(body).toContain('analyze queued')
    await eventually(() => /^\S+ slack {5}← ✅ analyze succeeded/m.test(dev.out()))
    expect(dev.out()).toMatch(/^\S+ slack {5}← ▶ analyze running$/m)
    const printed = [...dev.out().matchAll(/│ (.*)/g)].map(([, line]) => line)
    expect(printed).toEqual([
      'analyzing sales, 2 rounds',
      'round 1 of 2 is done',
      'round 2 of 2 is done',
      'sales is analyzed',
    ])
  })

  it('answers with every fault in the parameters, and runs nothing', async () => {
    const { status, body } = await type('dataset=Sales! depth=11')
    expect(status).toBe(200)
    expect(body).toContain('which does not match')
    expect(body).toContain('the largest is 10')
    expect(dev.out()).not.toContain('analyzing Sales!')
  })

  it('lists the parameters for /analyze help', async () => {
    const { body } = await type('help')
    expect(body).toContain('Which dataset')
    expect(body).toContain('How many rounds')
  })
})
