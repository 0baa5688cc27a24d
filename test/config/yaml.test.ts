import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { compile, lines } from './lines.ts'

const problem = (path: string, line: number | undefined, message: unknown) =>
  line === undefined ? { path, message } : { path, line, message }

describe('YAML that cannot be used', () => {
  it.each<[string, string, number | undefined, unknown]>([
    ['a quote that is never closed', 'sources: "x', 1, expect.stringMatching(/quote/)],
    ['one key twice', 'tasks: {}\ntasks: {}', 2, 'Map keys must be unique'],
    ['a tab for indentation', 'sources:\n\tgithub: {}', 2, expect.stringMatching(/[Tt]ab/)],
    ['an alias without an anchor', 'a: *nope', undefined, expect.stringMatching(/alias/i)],
    ['a merge of a number', '<<: 3', undefined, expect.stringMatching(/[Mm]erge/)],
  ])('%s', (_, yaml, line, message) => {
    expect(compile(yaml)).toThrow(ConfigError)
    expect(compile(yaml)).toThrow(
      expect.objectContaining({ problems: expect.arrayContaining([problem('', line, message)]) }),
    )
  })

  it('rejects an alias bomb without expanding it', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let depth = 1; depth < 9; depth++) {
      bomb.push(`a${depth}: &a${depth} [${Array.from({ length: 10 }, () => `*a${depth - 1}`).join(', ')}]`)
    }
    const began = performance.now()
    expect(compile(bomb.join('\n'))).toThrow(ConfigError)
    expect(compile(bomb.join('\n'))).toThrow(/alias/i)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('reports a mapping that contains itself as an unknown key', () => {
    expect(compile(`${lines.join('\n')}\nextra: &x { again: *x }`)).toThrow(
      expect.objectContaining({ problems: [problem('extra', 17, expect.stringMatching(/^unknown key/))] }),
    )
  })

  it.each(['', '# nothing\n', 'null', '{}'])('%j has no sources, tasks or routes', (yaml) => {
    expect(compile(yaml)).toThrow(
      expect.objectContaining({
        problems: ['sources', 'tasks', 'routes'].map((key) =>
          expect.objectContaining({ path: key, message: 'is missing' }),
        ),
      }),
    )
  })

  it.each(['- 1', 'text', '3'])('%j is not a mapping', (yaml) => {
    expect(compile(yaml)).toThrow(ConfigError)
  })
})
