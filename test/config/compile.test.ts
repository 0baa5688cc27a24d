import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { ConfigError } from '../../src/config/config-error.ts'
import { parseCompiled } from '../../src/core/model/compiled-config.ts'
import { whole } from './whole.ts'

const compile = (yaml: string) => compileConfig(yaml, builtinSpecs)

describe('a whole config', () => {
  const config = compile(whole)

  it('has every source, with secrets as lists and tokens by name', () => {
    expect(config.sources).toEqual({
      github: {
        name: 'github',
        adapter: 'github',
        secret: ['secretsmanager:taskhook/github#webhook'],
        tokens: { token: ['secretsmanager:taskhook/github#token'] },
        options: {},
      },
      slack: {
        name: 'slack',
        adapter: 'slack',
        secret: ['secretsmanager:taskhook/slack#signing'],
        tokens: { botToken: ['secretsmanager:taskhook/slack#bot'] },
        options: {},
      },
      partner: {
        name: 'partner',
        adapter: 'hmac',
        secret: ['env:PARTNER_SECRET'],
        tokens: {},
        options: { scheme: 'standard-webhooks' },
      },
    })
  })

  it('has every task, with its defaults', () => {
    expect(config.tasks).toEqual({
      analyze: {
        name: 'analyze',
        cluster: 'analytics',
        taskDefinition: 'analyze',
        container: 'app',
        subnets: ['subnet-a', 'subnet-b'],
        securityGroups: ['sg-1'],
        assignPublicIp: 'DISABLED',
        capacity: ['FARGATE_SPOT', 'FARGATE'],
        timeout: 7200,
        params: {
          dataset: {
            type: 'string',
            pattern: '^[a-z0-9_-]{1,64}$',
            required: true,
            env: 'DATASET',
            description: 'Which dataset',
          },
          depth: { type: 'integer', min: 1, max: 10, default: 3, env: 'DEPTH' },
          'dry-run': { type: 'boolean', env: 'DRY_RUN' },
        },
      },
    })
  })

  it('has every route, with an id and lists', () => {
    expect(config.routes).toEqual([
      {
        id: 'slack/analyze',
        on: 'slack',
        run: 'analyze',
        command: ['/analyze'],
        allow: { users: ['U123'], channels: ['C1'] },
      },
      {
        id: 'github/analyze',
        on: 'github',
        run: 'analyze',
        event: ['push'],
        branches: ['main', 'release/**'],
        paths: ['data/**'],
        with: { dataset: '${event.repository.name}' },
      },
      {
        id: 'releases',
        on: 'github',
        run: 'analyze',
        event: ['release.published'],
        if: 'event.release.draft == false',
        with: { dataset: 'all', depth: 10 },
      },
      {
        id: 'github/analyze#2',
        on: 'github',
        run: 'analyze',
        event: ['push'],
        tags: ['v*'],
        with: { dataset: 'tagged' },
      },
      { id: 'partner/analyze', on: 'partner', run: 'analyze', with: { dataset: '${body.dataset}' } },
    ])
  })

  it('is deeply frozen', () => {
    const open: string[] = []
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Object.isFrozen(value)) open.push(path)
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`)
    }
    visit(config, 'config')
    expect(open).toEqual([])
    expect(() => Object.assign(config.tasks, { evil: 1 })).toThrow(TypeError)
  })

  it('is the same after JSON, and frozen again', () => {
    const read = parseCompiled(JSON.stringify(config))
    expect(read).toEqual(config)
    expect(Object.isFrozen(read.routes[0]?.allow?.users)).toBe(true)
  })

  it('is the same for the same text', () => {
    expect(JSON.stringify(compile(whole))).toBe(JSON.stringify(config))
  })
})

describe('a time', () => {
  it.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['2 h', 7200],
    ['1s', 1],
    ['2d', 172_800],
  ])('%s is %d seconds', (timeout, seconds) => {
    expect(compile(whole.replace('timeout: 2h', `timeout: ${timeout}`)).tasks.analyze?.timeout).toBe(seconds)
  })

  it.each(['2', '2w', '1.5h', '-2h', '0s', '00m', '"2H"', 'soon', '2h30m'])('%s is rejected', (timeout) => {
    expect(() => compile(whole.replace('timeout: 2h', `timeout: ${timeout}`))).toThrow(ConfigError)
    expect(() => compile(whole.replace('timeout: 2h', `timeout: ${timeout}`))).toThrow(
      /tasks\.analyze\.timeout: must be a time like 90s, 30m, 2h or 7d/,
    )
  })
})

describe('cpu and memory', () => {
  it('may be numbers, and become text', () => {
    const { tasks } = compile(whole.replace('container: app', 'container: app\n    cpu: 256\n    memory: "512"'))
    expect(tasks.analyze).toMatchObject({ cpu: '256', memory: '512' })
  })
})

describe('a secret', () => {
  it('may be a list of references', () => {
    const two = whole.replace('secret: "env:PARTNER_SECRET"', 'secret: ["env:NEW", "env:OLD"]')
    expect(compile(two).sources.partner?.secret).toEqual(['env:NEW', 'env:OLD'])
  })

  it.each(['[]', '""', '"hunter2"', '["env:A", "hunter2"]', '3', '"env:9"'])(
    'is rejected if it is %s, and the message does not quote it',
    (secret) => {
      const text = whole.replace('secret: "env:PARTNER_SECRET"', `secret: ${secret}`)
      expect(() => compile(text)).toThrow(/sources\.partner\.secret/)
      expect(() => compile(text)).not.toThrow(/hunter2/)
    },
  )
})
