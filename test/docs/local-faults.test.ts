import { expect, it } from 'vitest'
import { faultMarkdown } from '../../src/cli/fault-help.ts'
import { parseFault } from '../../src/local/faults/parse-fault.ts'
import { read, spansOf, tableOf } from './markdown.ts'

const page = read('docs/local-faults.md')

it('local-faults.md has the tables from which the parser and `--fault list` are generated', () => {
  expect(page).toContain(faultMarkdown())
})

it('every fault in it can be parsed', () => {
  const written = tableOf(page, 'written', 'means').flatMap(([cell = '']) => spansOf(cell))
  const typed = [...page.matchAll(/--fault (?!list)([\w:-]+)/g)].map(([, fault = '']) => fault)
  const sent = [...page.matchAll(/"fault": "([^"]+)"/g)].map(([, fault = '']) => fault)
  expect(written.length + typed.length + sent.length).toBeGreaterThan(8)
  for (const fault of [...written, ...typed, ...sent]) expect(() => parseFault(fault), fault).not.toThrow()
})
