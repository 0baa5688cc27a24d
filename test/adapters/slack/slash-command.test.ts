import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { slashCommandTranslation } from '../../../src/adapters/slack/slash-command.ts'
import { parseForm } from '../../../src/core/http/body.ts'

type Command = Parameters<typeof slashCommandTranslation>[0]
const fixture = readFileSync(new URL('../../fixtures/slack/command.txt', import.meta.url), 'utf8')
const command = (more: Record<string, string | undefined> = {}): Command =>
  ({ ...parseForm(fixture), ...more }) as unknown as Command
const triggerOf = (more: Record<string, string | undefined> = {}) => {
  const translation = slashCommandTranslation(command(more))
  if (!('trigger' in translation)) throw new Error('no trigger')
  return translation.trigger
}

describe('a slash command', () => {
  it('becomes a trigger', () => {
    expect(slashCommandTranslation(command())).toEqual({
      kind: 'run',
      trigger: {
        event: '/analyze',
        deliveryId: '13345224609',
        actor: 'U2147483697',
        facts: { command: '/analyze', user: 'U2147483697', channel: 'C2147483705', workspaces: ['T0001', 'E0001'] },
        rawParams: { kind: 'text', text: 'sales depth=3 note="déploiement ✅"' },
        payload: {
          command: '/analyze',
          text: 'sales depth=3 note="déploiement ✅"',
          user_id: 'U2147483697',
          user_name: 'Steve',
          team_id: 'T0001',
          team_domain: 'example',
          channel_id: 'C2147483705',
          channel_name: 'test',
          api_app_id: 'A123456',
        },
        replyAddress: {
          responseUrl: 'https://hooks.slack.com/commands/1234/5678',
          user: 'U2147483697',
          channel: 'C2147483705',
        },
        triggerId: '13345224609.738474920.8088930838d88f008e0',
      },
    })
  })

  it.each(['help', 'HELP', ' help ', '-h', '--help', '?'])('%j requests help', (text) => {
    expect(slashCommandTranslation(command({ text })).kind).toBe('help')
  })

  it.each(['', 'help me', 'helpx', 'x=help', '??'])('%j does not request help', (text) => {
    expect(slashCommandTranslation(command({ text })).kind).toBe('run')
  })

  it('hides tokens, response_url and trigger_id from expressions', () => {
    const payload = JSON.stringify(triggerOf().payload)
    for (const key of ['gIkuvaNzQIHg97ATvDxqgjtO', 'hooks.slack.com', '13345224609.738474920']) {
      expect(payload).not.toContain(key)
    }
  })

  it.each(['8088930838d88f008e0', 'a.b', '1', `${'1'.repeat(30)}.2`, '.2'])(
    'logs nothing of the trigger id %j, which may be all key',
    (trigger_id) => {
      expect(triggerOf({ trigger_id }).deliveryId).toBe('')
    },
  )

  it('may have no text and no trigger id', () => {
    expect(triggerOf({ text: undefined, trigger_id: undefined })).toMatchObject({
      deliveryId: '',
      rawParams: { kind: 'text', text: '' },
    })
  })
})

describe('the response_url', () => {
  const urlOf = (url: string | undefined) => triggerOf({ response_url: url }).replyAddress?.responseUrl

  it.each([
    'https://hooks.slack.com/commands/T1/2/x',
    'https://hooks.slack-gov.com/commands/T1/2/x',
    'https://HOOKS.slack.com/x',
  ])('%s is accepted', (url) => {
    expect(urlOf(url)).toBe(new URL(url).href)
  })

  it.each([
    undefined,
    '',
    'not a url',
    '/commands/T1',
    'http://hooks.slack.com/commands/T1',
    'https://evil.example/commands/T1',
    'https://hooks.slack.com.evil.example/x',
    'https://xhooks.slack.com/x',
    'https://slack.com/x',
    'https://hooks.slack.com:8443/x',
    'https://hooks.slack.com@evil.example/x',
    'https://user@hooks.slack.com/x',
    'https://user:pass@hooks.slack.com/x',
    'https://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('%j is refused', (url) => {
    expect(urlOf(url)).toBeNull()
  })

  it('is kept as it was parsed, so that no other parser reads another host', () => {
    expect(urlOf('https://hooks.slack.com\\@evil.example/x')).toBe('https://hooks.slack.com/@evil.example/x')
  })
})
