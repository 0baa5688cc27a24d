import { expect, it } from 'vitest'
import { sayingOf } from '../../../src/adapters/github/issue-comment.ts'

it.each([
  ['a mention', '@org/team', '@\u200borg/team'],
  // CommonMark makes of it what the next line does not show.
  ['a mention as an entity', '&commat;org/team', '\\&commat;org/team'],
  ['a link', '[x](https://evil.example)', '\\[x\\]\\(https://evil.example\\)'],
  ['code', '`x`', '\\`x\\`'],
])('%s in what was refused is text', (_, given, shown) => {
  const said = sayingOf({ kind: 'refused', status: 422, title: 'wrong', problems: [{ path: 'name', message: given }] })
  expect(said).toContain(`**name** ${shown}`)
})
