/** A run as a check run of a GitHub App: queued → in progress → conclusion, with buttons. https://docs.github.com/en/rest/checks/runs */
import { createAppAuth } from '@octokit/auth-app'
import { request } from '@octokit/request'
import type { Json, RunView, Tools } from '../../core/adapter.ts'
import { describeParams, describeRun, durationOf } from '../../core/describe.ts'
import type { RunStatus } from '../../core/run.ts'
import { type GitHubApi, shorten, type Target } from './target.ts'
import { statusContextPrefix } from './translate.ts'

type Conclusion = 'success' | 'failure' | 'cancelled' | 'timed_out'

const conclusionOf: Readonly<Partial<Record<RunStatus, Conclusion>>> = {
  succeeded: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
  'timed-out': 'timed_out',
  'failed-to-start': 'failure',
}

/** GitHub shows three at most: 20 characters of label, 40 of description. */
export const actions = {
  cancel: { label: 'Cancel', description: 'Stop the task', identifier: 'cancel' },
  rerun: { label: 'Run again', description: 'The same parameters, a new run', identifier: 'rerun' },
} as const

export interface Checks {
  /** @returns the check run's number, so that the next word goes there, too */
  write(target: Target, run: RunView, privateKey: string, tools: Tools, memory: Json): Promise<Json>
}

export function createChecks({ apiUrl, appId }: GitHubApi): Checks {
  /** By private key: after a rotation the new one speaks. */
  const auths = new Map<string, ReturnType<typeof createAppAuth>>()
  const authOf = (privateKey: string, speak: typeof request): ReturnType<typeof createAppAuth> => {
    const known = auths.get(privateKey)
    if (known !== undefined) return known
    const made = createAppAuth({ appId: appId ?? 0, privateKey, request: speak })
    auths.set(privateKey, made)
    return made
  }

  return {
    async write(target, run, privateKey, tools, memory) {
      const { owner, repo, installation = 0 } = target
      const speak = request.defaults({
        baseUrl: apiUrl,
        headers: { 'user-agent': 'taskhook' },
        request: { fetch: tools.fetch },
      })
      const { token } = await authOf(privateKey, speak)({ type: 'installation', installationId: installation })
      const common = { owner, repo, headers: { authorization: `Bearer ${token}` }, ...checkRun(run) }
      const { checkRun: known } = (memory ?? {}) as { checkRun?: number }
      if (known !== undefined) {
        await speak('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...common, check_run_id: known })
        return { checkRun: known }
      }
      const { data } = await speak('POST /repos/{owner}/{repo}/check-runs', {
        ...common,
        name: `${statusContextPrefix}${run.task}`,
        head_sha: target.sha,
        external_id: run.run,
      })
      return { checkRun: Number(data.id) }
    },
  }
}

function checkRun(run: RunView) {
  const conclusion = conclusionOf[run.status]
  const said = describeRun(run)
  return {
    details_url: run.statusUrl,
    ...(run.startedAt !== undefined && { started_at: run.startedAt }),
    ...(conclusion === undefined
      ? { status: run.status === 'running' ? ('in_progress' as const) : ('queued' as const) }
      : { status: 'completed' as const, conclusion, completed_at: run.stoppedAt ?? run.createdAt }),
    output: { title: shorten(`${run.task} ${said}`, 255), summary: summaryOf(run) },
    actions: [conclusion === undefined ? actions.cancel : actions.rerun],
  }
}

/** Markdown; what came from outside stands in code, where it is only text. */
function summaryOf(run: RunView): string {
  const duration = durationOf(run)
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Parameters', codeOf(describeParams(run))],
    ['Exit code', run.exitCode === undefined ? undefined : String(run.exitCode)],
    ['Took', duration],
    ['Reason', run.reason === undefined ? undefined : codeOf(run.reason)],
    ['Run', codeOf(run.run)],
    ['Again, after', run.rerunOf === undefined ? undefined : codeOf(run.rerunOf)],
    ['Task', run.taskArn === undefined ? undefined : codeOf(run.taskArn)],
  ]
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

const codeOf = (text: string): string =>
  text === '' ? '' : `\`${shorten(text, 2000).replace(/[`|]/g, "'").replace(/\s+/g, ' ')}\``
