import { describe, expect, it } from 'vitest'
import { expressionCostProblems } from '../../src/config/expression-cost.ts'
import { compileCondition, treesOf } from '../../src/core/routing/expression.ts'
import { withTimeBudget } from '../../src/core/routing/time-budget.ts'
import { changed, compile } from './lines.ts'

const problems = (text: string) => treesOf('condition', text).flatMap(expressionCostProblems)

const accepted = [
  'event.ref == "refs/heads/main"',
  'event.commits.all(c, c.files.exists(f, f == "x"))',
  'event.labels.exists(l, l.name in ["a", "b"])',
  'event.a.exists(x, x == event.ref)',
  'event.a.exists(x, x.name.startsWith(event.ref))',
  'event.a.filter(x, x == "y").map(x, x).size() > 0',
  'event.a.all(x, [1, 2].exists(y, y == x))',
  'event.a.all(x, has(event.b.c))',
  'event.a.map(x, size(x)).exists(n, n > 100)',
  'event.a.exists_one(x, x.b.filter(y, y.c).exists(z, z.d == x.d))',
  'cel.bind(r, event.s.lowerAscii(), event.a.exists(x, x == r))',
  'event.s.matches("^v[0-9]+$")',
  'event.s.matches("foo.*bar")',
  'event.s.contains("[deploy]")',
  'event.s.split(",").exists(part, part == "x")',
  'event.a == event.b',
  'event.a.all(x, [1, 2, 3].exists(y, [1, 2, 3].exists(z, x.n == y + z)))',
  'cel.bind(full, event.owner + "/" + event.name + "@" + event.ref, full == "a/b@c" || full + "!" == "x")',
  '"a" + event.a + event.b + event.c + event.d + event.e + event.f + event.g == "x"',
  'event.s.lowerAscii().trim().upperAscii() == event.s + event.s',
]

const rejected: readonly (readonly [string, RegExp])[] = [
  [
    'event.a.all(x, event.a.all(y, x == y))',
    /^iterates over "event\.a" again for every "x", in "event\.a\.all\(y, x == y\)"/,
  ],
  ['event.a.all(x, x.b.all(y, x.b.all(z, z == y)))', /^iterates over "x\.b" again for every "y"/],
  ['event.a.all(x, (x.b + event.a).all(z, true))', /^iterates over "x\.b \+ event\.a" again/],
  ['event.a.all(x, ["a", event.b].exists(y, y == x))', /^iterates over/],
  ['cel.bind(l, event.a, l.all(x, l.all(y, true)))', /^iterates over "l" again/],
  ['event.a.exists(x, x in event.b)', /^processes "event\.b" again for every "x".*Compare with literal texts$/],
  ['event.a.exists(x, x == event.s.lowerAscii())', /^processes "event\.s" again.*cel\.bind/],
  ['event.a.map(x, size(event.s)) == []', /^processes "event\.s" again/],
  ['event.a.map(x, event.b).all(y, y.all(z, z == 1))', /^returns "event\.b" again for every "x"/],
  ['event.a.map(x, {"k": event}).all(y, true)', /^returns "event" again/],
  ['event.a.map(x, x.ok ? [event.a] : []).all(y, true)', /^returns "event\.a" again/],
  ['event.s.matches(event.t)', /^matches needs a literal pattern/],
  ['event.a.exists(x, x.matches(event.t))', /^matches needs a literal pattern/],
  ['event.s.matches("^(a+)+$")', /^the pattern "\^\(a\+\)\+\$" could hang/],
  ['event.s.contains(event.t)', /^contains needs a literal text/],
  ['event.s.lastIndexOf(event.t) > 0', /^lastIndexOf needs a literal text/],
  ['event.s.split(event.t).size() > 0', /^split needs a literal text/],
  [`event.s.contains("${'a'.repeat(101)}")`, /^contains needs a literal text/],
  ['{"a": event.a.all(x, event.b.all(y, true))}.a', /^iterates over/],
  ['true || event.a.all(x, !event.b.all(y, true))', /^iterates over/],
  [
    '[1,2,3,4,5].exists(a, [1,2,3,4,5].exists(b, [1,2,3,4,5].exists(c, a + b + c == event.n)))',
    /^"\[1,2,3,4,5\]\.exists\(c.*" runs 125 times: nested loops over literal lists/,
  ],
  [
    `event.a.exists(x, ${['a', 'b', 'c'].map((name) => `[1,2,3,4,5,6].exists(${name}, `).join('')}x == "y"${')'.repeat(4)}`,
    /runs 216 times/,
  ],
  [
    `cel.bind(v0, event.s, ${Array.from({ length: 6 }, (_, at) => `cel.bind(v${at + 1}, v${at} + v${at}, `).join('')}v6 == "x"${')'.repeat(7)}`,
    /^joins values with "\+" 6 times/,
  ],
  [
    `event.a${Array.from({ length: 6 }, () => '.map(x, x + x)').join('')}.exists(x, x == "y")`,
    /^joins values with "\+" 6 times/,
  ],
]

describe('expressionCostProblems', () => {
  it.each(rejected)('rejects %s', (text, why) => {
    compileCondition(text)
    expect(problems(text)).toContainEqual(expect.stringMatching(why))
  })
  it.each(accepted)('accepts %s', (text) => {
    compileCondition(text)
    expect(problems(text)).toEqual([])
  })
  it('reports its line in if, with and a concurrency group', () => {
    const where = {
      12: '      depth: { type: integer }\n    concurrency: { group: "${params.dataset.matches(params.depth)}" }',
      14: '  - { on: github, event: push, run: analyze, if: "event.a.all(x, event.a.all(y, x == y))" }',
      16: '  - { on: partner, run: analyze, with: { dataset: "a ${event.s.contains(event.t)} b" } }',
    }
    expect(compile(changed(where))).toThrow(
      /concurrency\.group: matches needs[^\n]*\n.*:15 {2}routes\[0\]\.if: iterates over[^\n]*\n.*:17 {2}routes\[2\]\.with\.dataset: contains needs/,
    )
  })
})

/** Of 6 MB, within the bounds of an HTTP body (core/http). */
const hostile = [
  { a: Array.from({ length: 149_000 }, () => 'x'.repeat(36)), b: [], s: 'x'.repeat(36), ref: 'x'.repeat(36) },
  {
    a: Array.from({ length: 1000 }, () => ({ b: Array.from({ length: 140 }, () => ({ c: false })), c: 1 })),
    commits: [],
    s: '',
    ref: '',
  },
  { a: [], s: 'foo'.repeat(2_000_000), ref: '' },
  { a: [], s: ','.repeat(6_000_000), ref: '' },
]
describe('an accepted expression', () => {
  it.each(accepted)('%s stays within the time budget for hostile payloads', (text) => {
    const condition = compileCondition(text)
    for (const event of hostile) {
      const began = process.cpuUsage()
      try {
        withTimeBudget(500, () => condition({ event, body: event, source: 's', actor: 'a' }))
      } catch (error) {
        // A missing key, or the time budget: both are answers.
        expect(error).toBeInstanceOf(Error)
      }
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(1000)
    }
  })
})
