/** `__proto__`, `constructor` and the like are ordinary names wherever a name comes from outside. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { parseForm } from '../../src/core/http/body.ts'
import { parseCompiled } from '../../src/core/model/compiled-config.ts'
import { parseParamText } from '../../src/core/model/parse-param-text.ts'
import { parseReport } from '../../src/core/receive/parse-report.ts'
import { compileCondition, compileTemplate } from '../../src/core/routing/expression.ts'
import { configText, secrets } from '../support/config.ts'
import { githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const clean = [Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each).length)
afterEach(() => {
  expect([Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each).length)).toEqual(
    clean,
  )
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
] as const
const polluting = '{"__proto__":{"polluted":"yes","dataset":"evil"},"constructor":{"prototype":{"polluted":"yes"}}'

describe('a request', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ config: configText, env: secrets, poll: false })
  })
  afterAll(() => world.close())

  it('with these keys in a JSON body has unknown parameters, and no value for a missing one', async () => {
    const { headers, body } = standardDelivery(secrets.PARTNER, `${polluting}}`)
    const answer = await world.bridge.receive(urlEvent('/partner', headers, body))
    expect(answer.statusCode).toBe(422)
    expect(bodyOf(answer).problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: '__proto__' }),
        expect.objectContaining({ path: 'constructor' }),
        expect.objectContaining({ path: 'dataset', message: expect.stringContaining('is missing') }),
      ]),
    )
  })

  it.each(names)('with the form field %s has an unknown parameter', async (name) => {
    const { headers, body } = standardDelivery(secrets.PARTNER, `dataset=sales&${name}=x&${name}[polluted]=yes`)
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await world.bridge.receive(urlEvent('/partner', form, body))
    expect(answer.statusCode).toBe(422)
    expect(bodyOf(answer).problems).toEqual(expect.arrayContaining([expect.objectContaining({ path: name })]))
  })

  it.each(names)('with the command parameter %s=x starts nothing', async (name) => {
    const text = new URLSearchParams({ command: '/analyze', user_id: 'U1', text: `dataset=sales ${name}=x` }).toString()
    const { headers, body } = slackDelivery(secrets.SLACK, text)
    const answer = await world.bridge.receive(urlEvent('/slack', headers, body))
    expect(answer.body).toContain('Nothing was started')
  })

  it.each([
    ['__proto__', '{"__proto__":{"polluted":"yes","ref":"x"}', 202],
    // CEL finds the type of a value by its constructor, so the expression fails and the delivery is refused.
    ['constructor', polluting, 422],
  ])('with a GitHub payload that has the key %s starts nothing unexpected', async (_, polluted, status) => {
    const pushed = `${polluted},"ref":"refs/heads/main","repository":{"__proto__":{"name":"evil"},"name":"sales"}}`
    const { headers, body } = githubDelivery(secrets.GITHUB, pushed, 'push')
    const answer = await world.bridge.receive(urlEvent('/github', headers, body))
    expect(answer.statusCode).toBe(status)
    if (status === 202) expect(bodyOf(answer)).toMatchObject({ params: { dataset: 'sales', depth: 3 } })
  })

  it.each(names)('with a header, a query and a path named %s is not found', async (name) => {
    const answer = await world.bridge.receive(
      urlEvent(`/${name}?${name}=x&source=${name}&token=x`, { [name]: 'x' }, '{}'),
    )
    expect(answer.statusCode).toBe(404)
    expect((await world.bridge.receive(urlEvent(`/runs?source=${name}&task=${name}`, {}, '', 'GET'))).statusCode).toBe(
      404,
    )
  })
})

describe('a name', () => {
  it.each(names)(
    '%s is an ordinary key in a form and a command line, and rejected in a report if it is __proto__',
    (name) => {
      expect(Object.keys(parseForm(`${name}=x`))).toEqual([name])
      expect(Object.keys(parseParamText(`${name}=x`, {}).named)).toEqual([name])
      const said = () => parseReport(`{"outputs":{"${name}":"x"}}`)
      if (name === '__proto__') expect(said).toThrow('the report is not valid')
      else expect(Object.keys(said().outputs ?? {})).toEqual([name])
    },
  )

  it.each([...names, 'constructor.prototype', 'constructor.constructor', '__proto__.polluted'])(
    '%s is not found by CEL',
    (name) => {
      const scope = { event: JSON.parse('{"a":{"b":"c"}}') as unknown, body: {}, source: 's', actor: 'a' }
      expect(compileTemplate(`\${event.${name}}`)(scope)).toBeUndefined()
      expect(compileTemplate(`\${event.a.${name}}`)(scope)).toBeUndefined()
      expect(compileTemplate(`\${event["${name}"]}`)(scope)).toBeUndefined()
      expect(compileCondition(`has(event.${name.split('.')[0]})`)(scope)).toBe(false)
    },
  )

  it.each(names)('%s in a config is a source, task, parameter or key like any other, or a ConfigError', (name) => {
    const compile = (text: string) => () => compileConfig(text, builtinSpecs)
    const whole = configText
    for (const text of [
      whole.replace('  github:  {', `  ${name}: {`),
      whole.replace('  analyze:\n', `  ${name}:\n`).replace('run: analyze', `run: ${name}`),
      whole.replace('      note:', `      ${name}:`),
      `${whole}\n${name}: { polluted: yes }\n`,
      whole.replace('    cluster: analytics', `    cluster: analytics\n    ${name}: { polluted: yes }`),
    ]) {
      try {
        compile(text)()
      } catch (error) {
        expect((error as Error).name).toBe('ConfigError')
      }
    }
  })

  it('cannot get into a prototype by a YAML merge key', () => {
    const text = configText
      .replace('tasks:\n', 'tasks:\n  x: &x { __proto__: { polluted: yes } }\n')
      .replace('    cluster: analytics', '    <<: *x\n    cluster: analytics')
    expect(() => compileConfig(text, builtinSpecs)).toThrow('unknown key')
  })

  it('cannot get into a prototype by a compiled config', () => {
    const config = parseCompiled('{"version":2,"__proto__":{"polluted":"yes"},"sources":{},"tasks":{},"routes":[]}')
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype)
  })
})
