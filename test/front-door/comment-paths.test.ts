/** docs: `paths` of a command are the files that the pull request changes; if GitHub does not list them all, they count as matched. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type CommentWorld, sha, startCommentWorld } from './comment-world.ts'

let on: CommentWorld
beforeEach(async () => {
  on = await startCommentWorld()
})
afterEach(() => on.world.close())

const routesInLog = () => JSON.stringify(on.world.deliveryLines().at(-1)?.routes)

it('a file on any page of the list matches', async () => {
  const files = [...Array.from({ length: 250 }, (_, at) => `src/${at}.ts`), 'docs/a.md']
  on.hub.pulls.set(7, { number: 7, sha, files })
  expect((await on.comment('/docs')).answer.statusCode).toBe(202)
  expect(on.hub.calls.filter(({ path }) => path.endsWith('/files'))).toHaveLength(3)
})

it('a pull request without a matching file is ignored, with the number of its files', async () => {
  on.hub.pulls.set(7, { number: 7, sha, files: ['src/a.ts', 'src/b.ts'] })
  expect((await on.comment('/docs')).body).toMatchObject({
    status: 'ignored',
    reason: expect.stringContaining('none of 2 changed files'),
  })
})

it('a renamed file matches by its previous path, too', async () => {
  on.hub.pulls.set(7, { number: 7, sha, files: [{ filename: 'src/a.md', previous_filename: 'docs/a.md' }] })
  expect((await on.comment('/docs')).answer.statusCode).toBe(202)
})

it.each([
  ['more files than GitHub lists', { changedFiles: 3000 }],
  ['fewer listed files than GitHub counts', { changedFiles: 5, files: ['src/a.ts'] }],
])('a pull request with %s starts the run, and the log says so', async (_, more) => {
  on.hub.pulls.set(7, { number: 7, sha, ...more })
  expect((await on.comment('/docs')).answer.statusCode).toBe(202)
  expect(routesInLog()).toContain('paths counts as matched')
})

it('a pull request whose files GitHub does not list starts the run, and the log says so', async () => {
  on.hub.intercept((_, path) => (path.endsWith('/files') ? Response.json({}, { status: 500 }) : undefined))
  expect((await on.comment('/docs')).answer.statusCode).toBe(202)
  expect(routesInLog()).toContain('paths counts as matched')
})
