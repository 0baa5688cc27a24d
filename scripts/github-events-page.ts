/**
 * The table of docs/adapters/github.md: where GitHub's events name their branch, tag and commit.
 * Usage: `node scripts/github-events-page.ts` writes it. A test compares it with the data.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { eventRefs, type ForkRule, type Paths } from '../src/adapters/github/event-refs.ts'

const forkText: Readonly<Record<ForkRule, string>> = {
  never: 'no',
  'pull-request': 'by the repositories of the pull request',
  'workflow-run': 'by the head repository of the workflow run',
  deployment: 'by the workflow run that made it',
  trigger: 'unless a push, a schedule, a dispatch or a merge queue triggered it',
  'no-branch': 'if it names no branch',
  'pull-ref': 'if the ref is not a branch or a tag',
  unknown: 'always: the payload does not say',
}

const cell = (...paths: readonly (Paths | undefined)[]): string =>
  paths
    .flat()
    .flatMap((path) => (path === undefined ? [] : [`\`${path}\``]))
    .join('<br>') || '–'

/** A full ref may be a tag too, and so may a ref with a type. */
export const eventsTable = (): string =>
  [
    '| event | branch | tag | commit | may be of a fork |',
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(eventRefs).map(
      ([event, { ref, typedRef, branch, tag, commit, tagCommit, fork }]) =>
        `| \`${event}\` | ${cell(ref, typedRef, branch)} | ${cell(ref, typedRef, tag)} | ${cell(tagCommit, commit)} | ${forkText[fork]} |`,
    ),
  ].join('\n')

const table = /^\| event \| branch \|[\s\S]*?\n(?=\n)/m

export const pageWithEvents = (page: string): string => page.replace(table, () => `${eventsTable()}\n`)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = new URL('../docs/adapters/github.md', import.meta.url)
  writeFileSync(path, pageWithEvents(readFileSync(path, 'utf8')))
}
