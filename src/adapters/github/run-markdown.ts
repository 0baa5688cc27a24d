/** A run as a Markdown table, for check runs and comments. Pure. */
import type { RunView } from '../../core/adapter.ts'
import { describeParams, durationOf } from '../../core/text/run-summary.ts'
import { codeSpan, markdownLink } from './markdown.ts'

/** Values from outside are code spans. */
export function runMarkdown(run: RunView): string {
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['Parameters', code(describeParams(run))],
    ['Waiting for', approversOf(run)],
    ['Approved by', code(run.approvedBy)],
    [hasEnded(run) ? 'Last message' : 'Progress', code(progressOf(run))],
    ['Placement', code(run.placed)],
    ['Exit code', String(run.exitCode ?? '')],
    ['Duration', durationOf(run) ?? ''],
    ['Reason', code(reasonOf(run))],
    ...Object.entries(run.outputs ?? {}).map(([name, value]) => [code(name), code(value)] as const),
    ['Links', (run.links ?? []).map(({ label, url }) => markdownLink(label, url)).join(' · ')],
    ['Log', run.logUrl === undefined ? '' : markdownLink('CloudWatch', run.logUrl)],
    ['Run', code(run.run)],
    ['Rerun of', code(run.rerunOf)],
    // Other people may read this, so the task's id appears without the AWS account.
    ['ECS task', code(run.taskArn?.split('/').at(-1))],
  ]
  const filled = rows.filter(([, value]) => value !== '')
  return ['| | |', '| --- | --- |', ...filled.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

const code = (text = ''): string => (text === '' ? '' : codeSpan(text))

const hasEnded = ({ stoppedAt }: RunView): boolean => stoppedAt !== undefined

const approversOf = ({ approval }: RunView): string =>
  approval === undefined ? '' : `${approval.from.map(code).join(' or ')}, until ${approval.until}`

/** The percentage of a run that has ended says nothing. */
const progressOf = (run: RunView): string => {
  const { percent, message = '' } = run.progress ?? {}
  return [percent === undefined || hasEnded(run) ? '' : `${percent} %`, message].filter(Boolean).join(': ')
}

/** Empty if another row says the same: the approvers, or the exit code. */
const reasonOf = ({ approval, stopCause, reason = '' }: RunView): string =>
  approval !== undefined || stopCause === 'exit' ? '' : reason
