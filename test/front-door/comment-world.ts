/** A world whose GitHub routes take commands from comments, and what people see on GitHub. */
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import { githubDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { createGitHub, type GitHub } from '../support/github/fake-github.ts'
import { commentPayload } from '../support/github/payloads.ts'
import type { Comment } from '../support/github/rest-api.ts'
import { startWorld, type World } from '../support/world.ts'

const HUB = 'its-a-secret'
export const TOKEN = 'github_pat_secret'
const task = (name: string, command: string, params = '{}') => `
  ${name}:
    description: Looks into a data set
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    params: ${params}
    local: { command: [sh, -c, '${command}'] }`
const config = `
sources:
  github: { adapter: github, secret: "env:HUB", token: "env:TOKEN" }
tasks:
${task(
  'analyze',
  'echo "ran $DATASET $DEPTH $' + '{SHA:-none} for $TASKHOOK_ACTOR"',
  `
      dataset: { type: string, pattern: "^[a-z]+$", required: true, description: Which one }
      depth: { type: integer, min: 1, max: 10, default: 3 }
      sha: { type: string }`,
)}
${task('long', 'sleep 60', '{ dataset: { type: string } }')}
${task('noted', 'true')}
routes:
  - { on: github, command: /analyze, run: analyze, with: { sha: "\${event.pull_request.head.sha}" } }
  - { on: github, command: /long, run: long, allow: { users: [ann, bob], associations: [OWNER] } }
  - { on: github, command: /team, run: noted, allow: { teams: [acme/data] } }
  - { on: github, command: /docs, run: noted, paths: ["docs/**"], branches: [main] }
  - { on: github, command: /forks, run: noted, forks: true }
  - { on: github, event: pull_request.opened, run: noted, branches: [main] }
  - { on: github, event: issue_comment.created, run: noted, name: plain, allow: { associations: [OWNER, MEMBER] }, if: 'event.comment.body.startsWith("deploy")' }
`
/** The commit of pull request 7. */
export const sha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'

export interface Commented {
  /** Of the comment. */
  readonly id: number
  readonly answer: FunctionUrlResult
  readonly body: Record<string, unknown>
}

export interface CommentWorld {
  readonly world: World
  readonly hub: GitHub
  send(payload: unknown, event?: string): Promise<FunctionUrlResult>
  /** A person writes a comment, by default on pull request 7. */
  comment(text: string, more?: Parameters<typeof commentPayload>[1]): Promise<Commented>
  /** Writes `/long <dataset>`, and waits until its answer says that it is running. */
  commentAndWaitUntilRunning(dataset: string): Promise<Commented>
  reactionsTo(comment: number): readonly string[]
  /** Comments of taskhook about a run. */
  answersOf(run: unknown): readonly Comment[]
  /** Waits until the answer says how the run ended. */
  waitForEnd(run: unknown): Promise<Comment>
}

export async function startCommentWorld(): Promise<CommentWorld> {
  const hub = createGitHub()
  const world = await startWorld({ config, env: { HUB, TOKEN }, fetch: hub.fetch })
  hub.pulls.set(7, { number: 7, sha, files: ['src/a.ts'] })
  let ids = 1
  const send: CommentWorld['send'] = (payload, event = 'issue_comment') => {
    const { headers, body } = githubDelivery(HUB, JSON.stringify(payload), event)
    return world.bridge.receive(urlEvent('/github', headers, body))
  }
  const comment: CommentWorld['comment'] = async (text, more = {}) => {
    const id = ids++
    const answer = await send(commentPayload(text, { id, ...more }))
    return { id, answer, body: bodyOf(answer) }
  }
  const answersOf: CommentWorld['answersOf'] = (run) =>
    hub.comments.filter(({ body }) => body.includes(`taskhook:${String(run)} `))
  return {
    ...{ world, hub, send, comment, answersOf },
    async commentAndWaitUntilRunning(dataset) {
      const commented = await comment(`/long ${dataset}`)
      await eventually(() => answersOf(commented.body.run).some(({ body }) => body.includes('running')))
      return commented
    },
    reactionsTo: (id) => hub.reactions.filter((each) => each.comment === id).map(({ content }) => content),
    waitForEnd: (run) =>
      eventually(() => answersOf(run).find(({ body }) => /succeeded|failed|cancelled|could not be started/.test(body))),
  }
}
