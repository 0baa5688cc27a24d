/** *Re-run all checks*: which of the suite's check runs are ours, only GitHub knows. */
import type { Json, RunAction, SenderTools } from '../../core/adapter.ts'
import type { ApiClients } from './api-client.ts'
import { parseReplyAddress } from './reply-address.ts'
import { statusContextPrefix, whoPresses } from './translate.ts'

interface What {
  readonly suite?: number
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  readonly replyAddress: Json
  readonly user?: string
  readonly repository?: string
}

/** The adapter's `errand`. https://docs.github.com/en/rest/checks/runs#list-check-runs-in-a-check-suite */
export const createErrand =
  (voices: ApiClients) =>
  async (what: Json, tools: SenderTools): Promise<readonly RunAction[]> => {
    const { suite, replyAddress, user, repository, ...about } = (what ?? {}) as unknown as What
    const target = parseReplyAddress(replyAddress)
    const voice = target === undefined ? undefined : await voices(target.installation, tools)
    if (target === undefined || voice === undefined || suite === undefined) return []
    const { data } = await voice.speak('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs', {
      ...{ owner: target.owner, repo: target.repo, filter: 'latest' as const, per_page: 100 },
      check_suite_id: suite,
    })
    const facts = {
      association: whoPresses,
      ...(user !== undefined && { user }),
      ...(repository !== undefined && { repository }),
    }
    return data.check_runs
      .filter(({ name }) => name.startsWith(statusContextPrefix))
      .map(({ external_id }) => ({ ...about, verb: 'rerun', run: external_id ?? '', facts, replyAddress }))
  }
