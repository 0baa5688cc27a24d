/** Checks every example: its config, its secrets in Terraform, and its README. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, taskhook } from '../cli/process.ts'
import { anchorsOf, linksOf, read, tableOf } from '../docs/markdown.ts'

const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
const has = (path: string): boolean => existsSync(join(root, path))
const configOf = (example: string): string => `examples/${example}/taskhook.yaml`

it('examples/README.md lists exactly the examples that exist', () => {
  const named = tableOf(read('examples/README.md'), 'example', 'sender').map(
    ([cell = '']) => /^\[([\w-]+)\]/.exec(cell)?.[1],
  )
  expect(named.sort()).toEqual(examples.sort())
})

it.each(examples)('%s has a valid config', async (example) => {
  const { code, stdout, stderr } = await taskhook(['check', configOf(example)])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/ is valid: /)
})

it.each(examples.filter((example) => has(`examples/${example}/main.tf`)))(
  '%s creates exactly the secrets that its config names',
  (example) => {
    const named = [...read(configOf(example)).matchAll(/secretsmanager:([\w/-]+)/g)].map(([, name]) => name)
    const [, list = ''] = /create_secrets = \[(.*)\]/.exec(read(`examples/${example}/main.tf`)) ?? []
    expect([...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort()).toEqual([...new Set(named)].sort())
  },
)

describe.each(['', ...examples.map((example) => `${example}/`)].filter((folder) => has(`examples/${folder}README.md`)))(
  'examples/%sREADME.md',
  (folder) => {
    const path = `examples/${folder}README.md`
    const text = read(path)

    it('links only to files and headings that exist', () => {
      const broken = linksOf(text).filter((link) => {
        const [file = '', anchor] = link.split('#', 2)
        const target = file === '' ? path : join(dirname(path), file)
        return !has(target) || (anchor !== undefined && !anchorsOf(read(target)).includes(anchor))
      })
      expect(broken).toEqual([])
    })

    it('names only files that exist', () => {
      const named = [...text.matchAll(/(?<![\w./-])examples\/[\w./-]+\.\w+/g)].map(([file]) => file)
      expect(named.filter((file) => !has(file))).toEqual([])
    })
  },
)
