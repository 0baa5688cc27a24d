/** docs/adapters/github.md: every webhook of GitHub's schema is accepted, matches by its branch, and its commit gets the status. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { operations, payloadOf } from '../support/github/schema.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { randomSha, stageSecrets } from '../support/stage-deliveries.ts'
import { githubConfig } from './github-config.ts'
import { githubEvent, runQueued, statusesAt } from './three-senders.ts'

/** Not every payload of the schema shows that it is of no fork. */
const config = githubConfig(
  'branches: [main], forks: true',
  'event: [commit_comment, page_build, secret_scanning_alert_location], forks: true',
)
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage.close())

/** A ref or commit in these is that of a wiki, or of the file of another workflow. */
const withoutRef = /^(gollum|repository_ruleset)/
/** The commits of these are not on GitHub: the push was blocked. */
const blocked = /^(bypass|dismissal|exemption)_request_/
const isCommit = (path: string) => /(^|[._])(sha|oid|commit|commit_id|after)$/.test(path)

/** Hundreds of deliveries take their time on a busy machine. */
const timeoutMs = 120_000

it(
  'every operation is answered; those that name a branch or commit start a run, and the commit gets its status',
  async () => {
    const answers: { name: string; status: number; refs: readonly string[]; sha: string }[] = []
    for (const operation of operations) {
      const sha = randomSha()
      const { event, action, refs } = operation
      const { statusCode } = await stage.post('/github', githubEvent(event, payloadOf(operation, sha)))
      answers.push({ name: action === undefined ? event : `${event}.${action}`, status: statusCode, refs, sha })
    }
    expect(answers).toHaveLength(302)
    expect(answers.filter(({ status }) => ![200, 202].includes(status))).toEqual([])

    const withRefs = answers.filter(({ name, refs }) => refs.length > 0 && !withoutRef.test(name))
    const started = answers.filter(({ status }) => status === 202)
    expect(started.map(({ name }) => name)).toEqual(withRefs.map(({ name }) => name))
    expect(started).toHaveLength(97)

    await runQueued(stage)
    const withCommit = withRefs.filter(({ name, refs }) => refs.some(isCommit) && !blocked.test(name))
    const withStatus = answers.filter(({ sha }) => statusesAt(stage, sha).some(({ state }) => state === 'success'))
    expect(withStatus.map(({ name }) => name)).toEqual(withCommit.map(({ name }) => name))
    expect(withStatus).toHaveLength(69)
  },
  timeoutMs,
)
