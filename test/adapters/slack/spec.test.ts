/** What the config may say about Slack, and every problem that it is told, with its line. */
import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'

const config = (route: string, { token = true, source = 'slack', where = 'command: /job' } = {}) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK"${token ? ', botToken: "env:BOT"' : ''} }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  job: { cluster: c, taskDefinition: job, subnets: [s] }
routes:
  - { on: ${source}, ${where === '' ? '' : `${where}, `}run: job, ${route} }
`
const compiled = (...args: Parameters<typeof config>) => compileConfig(config(...args), builtinSpecs)
const faults = (...args: Parameters<typeof config>): string => {
  try {
    compiled(...args)
  } catch (error) {
    return String((error as Error).message)
  }
  return ''
}

describe('allow', () => {
  it('takes users, user groups and channels, one or several', () => {
    const { routes } = compiled('allow: { users: U01, userGroups: [S01, S02], channels: C01 }')
    expect(routes[0]?.allow).toEqual({ users: ['U01'], userGroups: ['S01', 'S02'], channels: ['C01'] })
  })
  it.each(['teams: [acme/data]', 'associations: [OWNER]'])("has no %s: that is GitHub's", (list) => {
    expect(faults(`allow: { ${list} }`)).toContain(
      `"${list.split(':')[0]}" are GitHub’s; Slack has users, userGroups and channels`,
    )
  })
  it.each(['data', 'U01', 's01', '<!subteam^S01>', 'S0 1'])('%s is no user group', (id) => {
    expect(faults(`allow: { userGroups: ["${id}"] }`)).toContain(
      `"${id}" is not the id of a user group: those begin with S`,
    )
  })
  it('needs the token for a group, and not for people', () => {
    expect(faults('allow: { userGroups: S01 }', { token: false })).toContain(
      'names a user group; add a "botToken" to the source, by which Slack can be asked who is in it',
    )
    expect(faults('allow: { users: U01, channels: C01 }', { token: false })).toBe('')
  })
})

describe('approval', () => {
  it('takes users and user groups, and waits a day where it says nothing', () => {
    expect(compiled('approval: { from: [U01, W02, S03] }').routes[0]?.approval).toEqual({
      from: ['U01', 'W02', 'S03'],
      expires: 86_400,
    })
    expect(compiled('approval: { from: U01, expires: 90s }').routes[0]?.approval).toEqual({
      from: ['U01'],
      expires: 90,
    })
  })
  it.each(['ann', '@ann', 'u01', 'C01', 'acme/data', '<@U01>', 'U'])('"%s" is nobody', (id) => {
    expect(faults(`approval: { from: ["${id}"] }`)).toContain(
      `"${id}" is the id of neither a user (U…) nor a user group (S…)`,
    )
  })
  it('needs the token for a group, and not for people', () => {
    expect(faults('approval: { from: [U01, S01] }', { token: false })).toContain(
      'names a user group; add a "botToken" to the source, by which Slack can be asked who is in it',
    )
    expect(faults('approval: { from: [U01] }', { token: false })).toBe('')
  })
  it.each(['0s', '-1h', '1w', '90', '1.5h', 'tomorrow', ''])('expires: "%s" is no time', (expires) => {
    expect(faults(`approval: { from: U01, expires: "${expires}" }`)).toContain('must be a time like 90s, 30m, 2h or 7d')
  })
  it('expires: 90 is no time either', () => {
    expect(faults('approval: { from: U01, expires: 90 }')).toMatch(/expires.*time like 90s, 30m, 2h or 7d, not 90/)
  })
  it.each(['{}', '{ expires: 1h }', '{ from: [] }', '{ from: "" }', '{ from: U01, by: U02 }'])(
    '%s is an error',
    (approval) => {
      expect(faults(`approval: ${approval}`)).toContain('approval')
    },
  )
  it('is nothing for generic senders: nobody could say yes there', () => {
    expect(faults('approval: { from: U01 }', { source: 'partner', where: '' })).toContain('approval')
  })
  it('is told with all the rest, each with its line', () => {
    const text = faults('allow: { userGroups: [x], teams: [a/b] }, approval: { from: [S01, ann], expires: 2d }', {
      token: false,
    })
    expect(text.match(/routes\[0\]/g)?.length ?? 0).toBeGreaterThan(0)
  })
})
