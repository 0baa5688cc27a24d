/** What the config can say about Slack, and every problem that is reported for it. */
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
  it('accepts users, user groups, workspaces and channels, one or several', () => {
    const { routes } = compiled('allow: { users: U01, userGroups: [S01, S02], workspaces: [T01, E02], channels: C01 }')
    expect(routes[0]?.allow).toEqual({
      ...{ users: ['U01'], userGroups: ['S01', 'S02'], workspaces: ['T01', 'E02'], channels: ['C01'] },
    })
    expect(compiled('allow: { workspaces: T01 }').routes[0]?.allow).toEqual({ workspaces: ['T01'] })
  })
  it.each(['teams: [acme/data]', 'associations: [OWNER]'])('rejects %s, which works only for GitHub', (list) => {
    expect(faults(`allow: { ${list} }`)).toContain(
      `"${list.split(':')[0]}" works only for GitHub; Slack has users, userGroups, workspaces and channels`,
    )
  })
  it.each(['data', 'U01', 's01', '<!subteam^S01>', 'S0 1'])('rejects %s as a user group', (id) => {
    expect(faults(`allow: { userGroups: ["${id}"] }`)).toContain(
      `"${id}" is not the id of a user group, which begins with S`,
    )
  })
  it.each(['acme', 'C01', 't01', 'T', 'https://acme.slack.com', 'T0 1'])('rejects %s as a workspace', (id) => {
    expect(faults(`allow: { workspaces: ["${id}"] }`)).toContain(
      `"${id}" is the id of neither a workspace (T…) nor an organisation (E…)`,
    )
  })
  it('works only for Slack', () => {
    expect(faults('allow: { workspaces: T01 }', { source: 'partner', where: '' })).toContain('allow')
  })
  it('needs a bot token for a user group, but not for users', () => {
    expect(faults('allow: { userGroups: S01 }', { token: false })).toContain(
      'names a user group; add a "botToken" to the source, so that taskhook can ask Slack for its members',
    )
    expect(faults('allow: { users: U01, channels: C01 }', { token: false })).toBe('')
  })
})

describe('approval', () => {
  it('accepts users and user groups, and waits for a day by default', () => {
    expect(compiled('approval: { from: [U01, W02, S03] }').routes[0]?.approval).toEqual({
      from: ['U01', 'W02', 'S03'],
      expires: 86_400,
    })
    expect(compiled('approval: { from: U01, expires: 90s }').routes[0]?.approval).toEqual({
      from: ['U01'],
      expires: 90,
    })
  })
  it.each(['ann', '@ann', 'u01', 'C01', 'acme/data', '<@U01>', 'U'])('rejects "%s" as an approver', (id) => {
    expect(faults(`approval: { from: ["${id}"] }`)).toContain(
      `"${id}" is the id of neither a user (U…) nor a user group (S…)`,
    )
  })
  it('needs a bot token for a user group, but not for users', () => {
    expect(faults('approval: { from: [U01, S01] }', { token: false })).toContain(
      'names a user group; add a "botToken" to the source, so that taskhook can ask Slack for its members',
    )
    expect(faults('approval: { from: [U01] }', { token: false })).toBe('')
  })
  it.each(['0s', '-1h', '1w', '90', '1.5h', 'tomorrow', ''])('rejects expires: "%s"', (expires) => {
    expect(faults(`approval: { from: U01, expires: "${expires}" }`)).toContain('must be a time like 90s, 30m, 2h or 7d')
  })
  it('rejects expires: 90, a number', () => {
    expect(faults('approval: { from: U01, expires: 90 }')).toMatch(/expires.*time like 90s, 30m, 2h or 7d, not 90/)
  })
  it.each(['{}', '{ expires: 1h }', '{ from: [] }', '{ from: "" }', '{ from: U01, by: U02 }'])(
    '%s is an error',
    (approval) => {
      expect(faults(`approval: ${approval}`)).toContain('approval')
    },
  )
  it('is rejected for generic senders, where no one can approve', () => {
    expect(faults('approval: { from: U01 }', { source: 'partner', where: '' })).toContain('approval')
  })
  it('is reported with all other problems, each with its line', () => {
    const text = faults('allow: { userGroups: [x], teams: [a/b] }, approval: { from: [S01, ann], expires: 2d }', {
      token: false,
    })
    expect(text.match(/routes\[0\]/g)?.length ?? 0).toBeGreaterThan(0)
  })
})
