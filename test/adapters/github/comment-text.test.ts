import { describe, expect, it } from 'vitest'
import { answerComment } from '../../../src/adapters/github/comment-text.ts'

describe('a comment about a refused command', () => {
  it.each([
    ['a mention', '@org/team', '@\u200borg/team'],
    // CommonMark would turn this entity into "@".
    ['a mention as an entity', '&commat;org/team', '\\&commat;org/team'],
    ['a link', '[x](https://evil.example)', '\\[x\\]\\(https://evil.example\\)'],
    ['code', '`x`', '\\`x\\`'],
  ])('shows %s in a problem as plain text', (_, message, shown) => {
    const problems = [{ path: 'name', message }]
    expect(answerComment({ kind: 'refused', status: 422, title: 'wrong', problems })).toContain(`**name** ${shown}`)
  })
})
