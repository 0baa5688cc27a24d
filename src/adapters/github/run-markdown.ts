/** A run in Markdown. What came from outside stands in code, where it is only text. Pure. */
import type { RunView } from '../../core/adapter.ts'
import { describeParams, durationOf } from '../../core/text/run-summary.ts'
import { shorten } from './reply-address.ts'

export function summaryOf(run: RunView): string {
  const { progress: { percent, message } = {}, outputs = {}, links = [], approval } = run
  const ended = run.stoppedAt !== undefined
  const said = [percent === undefined || ended ? '' : `${percent} %`, message ?? ''].filter(Boolean).join(': ')
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Parameters', codeOf(describeParams(run))],
    ['Waits for', approval && `${approval.from.map(codeOf).join(' or ')}, until ${approval.until}`],
    ['Approved by', codeOf(run.approvedBy)],
    [ended ? 'Last words' : 'Progress', codeOf(said)],
    ['Started', codeOf(run.placed)],
    ['Exit code', run.exitCode === undefined ? undefined : String(run.exitCode)],
    ['Took', durationOf(run)],
    // The exit code has a row of its own.
    [
      'Reason',
      approval === undefined && !/^the container exited with \d+$/.test(run.reason ?? '')
        ? codeOf(run.reason)
        : undefined,
    ],
    ...Object.entries(outputs).map(([name, value]) => [codeOf(name) ?? '', codeOf(value)] as const),
    ['Links', links.map(linkOf).join(' · ')],
    ['Log', run.logUrl === undefined ? undefined : `[CloudWatch](${urlOf(run.logUrl)})`],
    ['Run', codeOf(run.run)],
    ['Again, after', codeOf(run.rerunOf)],
    // Others may read it: without the account.
    ['Task', codeOf(run.taskArn?.split('/').at(-1))],
  ]
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join('\n')
}

const codeOf = (text: string | undefined): string | undefined =>
  text === undefined || text === ''
    ? undefined
    : `\`${shorten(text, 2000).replace(/[`|]/g, "'").replace(/\s+/g, ' ')}\``

const urlOf = (url: string): string =>
  url.replace(/[()|<>\\\s]/g, (char) =>
    encodeURIComponent(char).replace(/[()]/g, (brace) => (brace === '(' ? '%28' : '%29')),
  )

const linkOf = ({ label, url }: { readonly label: string; readonly url: string }): string =>
  `[${label.replace(/[^\p{L}\p{N} .,:%+-]/gu, ' ').trim() || 'link'}](${urlOf(url)})`
