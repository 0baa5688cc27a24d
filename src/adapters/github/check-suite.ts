/** *Re-run all checks*: only GitHub knows which check runs of the suite are taskhook's, and only `start` can ask it. */
import type { Deferred, Json, RunAction, SenderTools, Trigger } from '../../core/adapter.ts'
import type { GetApiClient } from './api-client.ts'
import { botRequest } from './bots.ts'
import { buttonAssociation } from './check-run-action.ts'
import { isOwnStatusName } from './own-marks.ts'
import { asInteger, asText, optional, type Payload, valueAt } from './payload.ts'
import { parseReplyAddress, type ReplyAddress, repositoryOf } from './reply-address.ts'

interface SuiteRerun extends Pick<RunAction<ReplyAddress>, 'event' | 'deliveryId' | 'actor'> {
  /** Id of the check suite. */
  readonly suite: number
  readonly replyAddress: ReplyAddress
  readonly user?: string
  readonly bot?: string
  readonly repository?: string
}

/** @returns undefined: the event is no *Re-run all checks* of this App */
export function checkSuiteRerun(
  event: string,
  payload: Payload,
  trigger: Trigger<ReplyAddress>,
  appId: number | undefined,
): Deferred | undefined {
  const isOfApp = appId !== undefined && valueAt(payload, 'check_suite', 'app', 'id') === appId
  const suite = asInteger(valueAt(payload, 'check_suite', 'id'))
  const { deliveryId, actor, replyAddress, facts } = trigger
  if (event !== 'check_suite' || payload.action !== 'rerequested' || !isOfApp) return undefined
  if (suite === undefined || replyAddress === null) return undefined
  const about = { event: trigger.event, deliveryId, actor }
  const { user, bot, repository } = facts
  return {
    ...about,
    work: toWork({
      ...about,
      suite,
      replyAddress,
      ...optional('user', user),
      ...optional('bot', bot),
      ...optional('repository', repository),
    }),
  }
}

/** Actions on all of the suite's check runs that are taskhook's. */
export const createRunDeferred =
  (getClient: GetApiClient) =>
  async (work: Json, tools: SenderTools): Promise<readonly RunAction<ReplyAddress>[]> => {
    const rerun = parseWork(work)
    const client = rerun === undefined ? undefined : await getClient(rerun.replyAddress.installation, tools)
    if (rerun === undefined || client === undefined) return []
    const { suite, user, bot, repository, ...about } = rerun
    // https://docs.github.com/en/rest/checks/runs#list-check-runs-in-a-check-suite
    const { data } = await client.request('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs', {
      ...repositoryOf(about.replyAddress),
      check_suite_id: suite,
      filter: 'latest',
      per_page: 100,
    })
    const facts = {
      association: buttonAssociation,
      ...optional('user', user),
      ...(bot !== undefined && botRequest(bot)),
      ...optional('repository', repository),
    }
    return data.check_runs
      .filter(({ name }) => isOwnStatusName(name))
      .map(({ external_id }) => ({ ...about, verb: 'rerun', run: external_id ?? '', facts }))
  }

/** In the queue, the reply address has the key `answerTo`, as in earlier versions. */
function toWork({ replyAddress, ...rest }: SuiteRerun): Json {
  return { ...rest, answerTo: replyAddress }
}

function parseWork(work: Json): SuiteRerun | undefined {
  const suite = asInteger(valueAt(work, 'suite'))
  const replyAddress = parseReplyAddress(valueAt(work, 'answerTo'))
  if (suite === undefined || replyAddress === null) return undefined
  return {
    suite,
    replyAddress,
    event: asText(valueAt(work, 'event')) ?? '',
    deliveryId: asText(valueAt(work, 'deliveryId')) ?? '',
    actor: asText(valueAt(work, 'actor')) ?? '',
    ...optional('user', asText(valueAt(work, 'user'))),
    ...optional('bot', asText(valueAt(work, 'bot'))),
    ...optional('repository', asText(valueAt(work, 'repository'))),
  }
}
