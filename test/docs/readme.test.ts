import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ArgsDef, CommandDef } from 'citty'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { presets } from '../../src/adapters/hmac/presets.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'
import { completeConfig, isCompleteConfig } from './fragment.ts'
import { anchorsOf, blocksOf, codeOf, documents, linksOf, read, root, spansOf, tableOf } from './markdown.ts'

const readme = read('README.md')

describe('the README', () => {
  const [config] = blocksOf(readme, 'yaml')

  it('has at most 120 lines, and a config by line 25', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120)
    expect(config?.line).toBeLessThanOrEqual(25)
    expect(config?.text).toContain('sources:')
  })

  describe('the config in the README', () => {
    const secrets = {
      SLACK_SIGNING_SECRET: '8f742231b10e8888abcd99yyyzzz85a5',
      SHOP_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }
    let world: World
    beforeAll(async () => {
      world = await startWorld({ config: config?.text ?? '', env: secrets })
    })
    afterAll(() => world?.close())

    /** By ARN, because a task that stops between two list calls is listed twice. */
    const tasksByArn = async () => new Map((await world.tasks()).map((task) => [task.taskArn, task]))

    const command = new URLSearchParams({
      command: '/analyze',
      text: 'dataset=sales depth=5',
      user_id: 'U1',
      channel_id: 'C1',
      response_url: 'https://hooks.slack.com/commands/T1/1/x',
      trigger_id: '1.2.3',
    })

    it.each([
      [
        'shop',
        () => standardDelivery(secrets.SHOP_SECRET, '{"dataset":"people","more":true}'),
        'analyzing people, 3 deep',
      ],
      ['slack', () => slackDelivery(secrets.SLACK_SIGNING_SECRET, command.toString()), 'analyzing sales, 5 deep'],
    ])('starts one task for one delivery to %s', async (source, delivery, output) => {
      const before = await tasksByArn()
      const { headers, body } = delivery()
      const reply = await world.bridge.receive(urlEvent(`/${source}`, headers, body))
      expect(reply.statusCode, reply.body).toBe(source === 'slack' ? 200 : 202)
      await eventually(() => world.output.includes(output))
      const started = [...(await tasksByArn())].flatMap(([arn, task]) => (before.has(arn) ? [] : task))
      expect(started).toHaveLength(1)
      expect(started[0]).toMatchObject({ overrides: { containerOverrides: [{ name: 'app' }] } })
      if (source === 'shop') expect(started[0]?.startedBy).toBe(`taskhook/${String(bodyOf(reply).run)}`)
    })
  })
})

describe('links and paths', () => {
  it.each(documents)('%s: every relative link points to a file and a heading that exist', (document) => {
    const broken = linksOf(read(document)).filter((link) => {
      const [path = '', anchor] = link.split('#', 2)
      const target = path === '' ? document : join(dirname(document), path)
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
    })
    expect(broken).toEqual([])
  })

  it.each(documents)('%s: every repository path in code exists', (document) => {
    const paths = codeOf(read(document)).flatMap((code) => [
      ...code.matchAll(/(?<![\w./-])(?:src|docs|test|examples|infra|scripts|bench)\/[\w./-]*(?![\w<*…/])/g),
    ])
    const named = paths.map(([path]) => path.replace(/[.,]$/, ''))
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe('configs in the documents', () => {
  const examples = documents.flatMap((document) =>
    blocksOf(read(document), 'yaml').map(({ text, line }): [string, string] => [`${document}:${line}`, text]),
  )
  /** A Slack app manifest, not a config. */
  const isManifest = (text: string): boolean => text.includes('display_information:')

  it.each(examples.filter(([, text]) => isCompleteConfig(text)))('%s compiles', (where, text) => {
    expect(compileConfig(text, builtinSpecs, where).routes.length).toBeGreaterThan(0)
  })

  it.each(examples.filter(([, text]) => !isCompleteConfig(text) && !isManifest(text)))(
    '%s is a valid fragment of a config',
    (where, text) => {
      expect(compileConfig(completeConfig(text), builtinSpecs, where).routes.length).toBeGreaterThan(0)
    },
  )

  it('a fragment with a mistake is rejected', () => {
    const check = (text: string) => () => compileConfig(completeConfig(text), builtinSpecs)
    expect(check('params: { depth: { type: int } }')).toThrow('"int" is not one of')
    expect(check('routes:\n  - { on: slack, event: push, run: x }')).toThrow('does not apply to slack deliveries')
    expect(check('scheme: { header: x, algorithm: sha256 }')).toThrow('scheme')
    expect(check('parameters: {}')).toThrow('not a key of a config: parameters')
  })

  it('config.md lists every key of the config in its tables', () => {
    const schema = configJsonSchema(builtinSpecs) as unknown as Schema
    const page = read('docs/config.md')
    const named = (...head: string[]) => new Set(tableOf(page, ...head).flatMap(([cell = '']) => spansOf(cell)))
    const { sources, tasks, routes } = schema.properties ?? {}
    const task = tasks?.additionalProperties
    const sourceKeys = keysOf(sources?.additionalProperties)
    expect([...named('key', 'adapter', 'is')].sort()).toEqual(sourceKeys)
    expect([...named('key', 'is')].sort()).toEqual(keysOf(task))
    expect([...named('key', 'for', 'is')].sort()).toEqual(keysOf(routes?.items))
    const [source] = sources?.additionalProperties?.oneOf ?? sources?.additionalProperties?.anyOf ?? []
    const { limits } = source?.properties ?? {}
    expect([...named('limit', 'of', 'is')].sort()).toEqual(
      [...keysOf(limits), ...keysOf(limits?.properties?.deliveries)].sort(),
    )
  })

  it('hmac.md lists every preset with its header', () => {
    const rows = tableOf(read('docs/adapters/hmac.md'), 'scheme', 'header').flatMap(([names = '', headers = '']) =>
      spansOf(names).map((name): [string, string[]] => [name, spansOf(headers)]),
    )
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(presets).sort())
    for (const [name, headers] of rows)
      expect(headers).toContain([presets[name as keyof typeof presets].header].flat()[0])
  })
})

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

const keysOf = (schema: Schema | undefined): string[] =>
  [
    ...new Set(
      [schema, ...(schema?.oneOf ?? []), ...(schema?.anyOf ?? [])].flatMap((one) => Object.keys(one?.properties ?? {})),
    ),
  ].sort()

describe('the command line in the documents', () => {
  /** `taskhook <command>` in code. In prose the word after taskhook is a verb. */
  const calls = documents.flatMap((document) =>
    codeOf(read(document)).flatMap((code) =>
      [...code.matchAll(/(?:^|npx |\$ )taskhook ([a-z]+)([^\n]*)/g)].map(([, command = '', rest = '']) => ({
        document,
        command,
        options: [...rest.matchAll(/(?<=\s)--([a-z-]+)/g)].map(([, option = '']) => option),
      })),
    ),
  )
  const commandOf = async (name: string): Promise<CommandDef | undefined> => {
    if (!existsSync(join(root, `src/cli/${name}.ts`))) return undefined
    const module = (await import(`../../src/cli/${name}.ts`)) as Record<string, CommandDef>
    return module[name]
  }

  it('uses only existing commands and options', async () => {
    expect(calls.length).toBeGreaterThan(15)
    for (const { document, command, options } of calls) {
      const found = await commandOf(command)
      expect(found, `${document}: taskhook ${command}`).toBeDefined()
      const known = Object.keys((found?.args ?? {}) as ArgsDef)
      for (const option of options) expect(known, `${document}: taskhook ${command} --${option}`).toContain(option)
    }
  })

  it('uses only scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = documents.flatMap((document) =>
      codeOf(read(document)).flatMap((code) =>
        [...code.matchAll(/npm (?:run ([a-z]+)|(test|start)\b)/g)].map(([, script, short]) => script ?? short ?? ''),
      ),
    )
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  })
})

describe('dependencies', () => {
  it('are listed in CONTRIBUTING with a reason, and no others are', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    const named = tableOf(read('CONTRIBUTING.md'), 'package', 'because').flatMap(([cell = '']) =>
      spansOf(cell).map((name) => (name.startsWith('-') ? `@aws-sdk/client${name}` : name)),
    )
    expect(named.sort()).toEqual(Object.keys(dependencies).sort())
  })
})
