import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { redosRisk } from '../../../src/config/redos-check.ts'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { isCheapGlob, isCheapPattern, isCheapToMatch } from '../../../src/core/routing/match-cost.ts'

describe('isCheapPattern', () => {
  it.each([
    '',
    'main',
    '^[a-z0-9_-]{1,64}$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^[\\w.-]+@[\\w.-]+$',
    '\\s+$',
    '^a+?b*?$',
    '^(?:dev|prod)-\\d+$',
    '^(?:dev|staging|prod)$',
    'main|release',
    '^(?:a)(?:b)c{12}$',
    '^a{10}b+$',
    '^a{9}b+c+$',
    '^[(?=]+$',
    '^[\\\\1]+$',
    '^[)*+?]\\*+$',
    '^s3://[a-z0-9.-]{3,63}/.+$',
    '^[^\\]]+$',
    '^\\p{L}+$',
  ])('%s is cheap', (pattern) => expect(isCheapPattern(pattern)).toBe(true))

  it.each([
    '^(a+)+$',
    '^(a|a){30}$',
    '^(?:a|aa)*$',
    '^[\\w.-]+@[\\w.-]+\\.[a-z]{2,}$',
    '\\w+\\w+$',
    '^a+$|b+c+',
    '^a+|b+',
    '^a{10,}b{1,20}c+$',
    '^(?=(a+)+$)b',
    '^(?!x)a+',
    '(?<=a+)b',
    '^(?<name>a)$',
    '^(a+)\\1$',
    '^a?a?a?aaa$',
    '^a{0,9}b{1,}c{2,3}$',
    '^(?:a)?b',
    '^(?:a|b)(?:a|b)c$',
    '^(?:a|(?:b|c))$',
    'a*a{1000}b',
    '[a-z]+[a-z]{20}[0-9]',
    '^[a-z]*[a-z]*[a-z]{64}$',
    '^a{10}b+c+$',
  ])('%s is not', (pattern) => expect(isCheapPattern(pattern)).toBe(false))

  it('is false for every generated pattern that could hang', () => {
    const piece = fc.constantFrom('a', '.', '\\w', '[a-z]', '[^/]', '(?:', '(', ')', '|', 'b', '\\d', '$')
    const times = fc.constantFrom('', '', '*', '+', '?', '+?', '{2}', '{1,}', '{0,9}')
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(fc.tuple(piece, times), { maxLength: 7 }))
      .map(([start, pieces]) => start + pieces.flat().join(''))
      .filter((text) => {
        try {
          return new RegExp(text, 'u') !== undefined
        } catch {
          return false
        }
      })
    fc.assert(
      fc.property(pattern, (text) => !isCheapPattern(text) || redosRisk(text, 'u', 1024) === undefined),
      { numRuns: 100 },
    )
  })
})

it.each([
  ['main', true],
  ['release/**', true],
  ['!**/*.md', true],
  ['*-*-*', false],
  ['+(a|b)', false],
  ['{a,aa}+x', false],
  ['[a-z]+x', false],
  ['v?.*', true],
])('isCheapGlob of %s is %s', (glob, cheap) => expect(isCheapGlob(glob)).toBe(cheap))

describe('isCheapToMatch', () => {
  const routeWith = (route: string, pattern = '^[a-z]+$') => {
    const { routes, tasks } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s], params: { name: { type: string, pattern: '${pattern}' }, count: { type: integer } } } }
routes: [{ on: github, event: push, run: t, ${route} }]`,
      builtinSpecs,
    )
    const [config] = routes
    if (config === undefined) throw new Error('no route')
    return (characters: number) => isCheapToMatch([{ route: config, task: tasks.t }], characters)
  }

  it('is true up to 65536 characters if every pattern, glob and expression is cheap', () => {
    const isCheap = routeWith(
      'branches: [main, "release/**"], if: "event.forced == false", with: { name: "${event.ref}" }',
    )
    expect([0, 65_536, 65_537].map(isCheap)).toEqual([true, true, false])
  })

  it('is false for many routes together, unless little was sent', () => {
    const { routes, tasks } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s], params: { name: { type: string, pattern: '^[a-z]+$' } } } }
routes: [${Array.from({ length: 5 }, (_, at) => `{ on: github, event: push, run: t, name: r${at}, branches: ["*", "release/**"] }`).join(', ')}]`,
      builtinSpecs,
    )
    const toMatch = routes.map((route) => ({ route, task: tasks.t }))
    expect([4, 5].map((count) => isCheapToMatch(toMatch.slice(0, count), 8192))).toEqual([true, false])
    expect([7000, 7400].map((characters) => isCheapToMatch(toMatch, characters))).toEqual([true, false])
  })

  it.each([
    ['*a*', 4, true],
    ['*a*', 5, false],
    ['a*', 50, true],
  ])('of the glob %s, %i times, is %s', (glob, count, cheap) => {
    const branches = JSON.stringify(Array.from({ length: count }, (_, at) => `${glob}${at}`))
    const { routes } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s] } }
routes: [{ on: github, event: push, run: t, branches: ${branches} }]`,
      builtinSpecs,
    )
    expect(isCheapToMatch([{ route: routes[0] as RouteConfig, task: undefined }], 8192)).toBe(cheap)
  })

  it('is true for a route whose task is not known', () => {
    const { routes } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s] } }
routes: [{ on: github, event: push, run: t }]`,
      builtinSpecs,
    )
    expect(routes.map((route) => isCheapToMatch([{ route, task: undefined }], 1))).toEqual([true])
  })

  it.each([
    ['branches: ["v*.*.*"]'],
    ['branches: ["v*.*.*", main]'],
    ['branches: [main, "v*.*.*"]'],
    ['tags: ["v*.*.*"]'],
    ['paths: ["*/*/*.csv"]'],
    ['repositories: ["a*b*/*c*"]'],
    ['if: "event.commits.exists(c, c.id == event.ref)"'],
    ['if: "event.ref.matches(\'^a+$\')"'],
    ["with: { name: \"${event.ref.matches('^a+$') ? 'a' : 'b'}\" }"],
  ])('is false with %s', (route) => expect(routeWith(route)(1)).toBe(false))

  it('is false if the expression of the concurrency group iterates', () => {
    const { routes, tasks } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s], params: { name: { type: string } }, concurrency: { group: "\${params.name.matches('^a+$') ? 'a' : 'b'}" } } }
routes: [{ on: github, event: push, run: t }]`,
      builtinSpecs,
    )
    expect(routes.map((route) => isCheapToMatch([{ route, task: tasks.t }], 1))).toEqual([false])
  })

  it('is false if one of several parameters has an expensive pattern', () => {
    const { routes, tasks } = compileConfig(
      `
sources: { github: { adapter: github, secret: "env:S" } }
tasks: { t: { cluster: c, taskDefinition: t, subnets: [s], params: { free: { type: string }, name: { type: string, pattern: '^a+$' }, other: { type: string, pattern: '^([a-z]+-)*[a-z]+$' } } } }
routes: [{ on: github, event: push, run: t }]`,
      builtinSpecs,
    )
    expect(routes.map((route) => isCheapToMatch([{ route, task: tasks.t }], 1))).toEqual([false])
  })

  it('is false if the only parameter has an expensive pattern', () => {
    expect(routeWith('branches: [main]', '^([a-z]+-)*[a-z]+$')(1)).toBe(false)
  })
})
