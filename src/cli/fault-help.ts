/** The table of faults, for a terminal and for the docs. */

import type { Detail, FaultRow } from '../local/faults/fault-definition.ts'
import { faultTable } from '../local/faults/fault-table.ts'
import { wrap } from '../local/terminal/event-feed.ts'

const columns = 80
const nameWidth = 25

/** 80 columns wide at most. */
export function faultHelp(): string {
  return [
    'taskhook dev CONFIG --fault NAME[:DETAIL][:TIMES][@PROBABILITY] …',
    '',
    ...faultTable.flatMap(groupOf),
    'TIMES: a number, or "always" (default: 1). PROBABILITY: 0.2 or 20%; the fault',
    'then stays, and strikes at the same calls in each session.',
    '',
    'While it runs:  curl URL/_faults',
    '                curl URL/_faults --json \'{"fault": "capacity", "times": 3}\'',
    '                curl -X DELETE URL/_faults',
    '',
  ]
    .flatMap((line) => wrap(line, columns))
    .join('\n')
}

/** What several faults take is explained once, after them. */
function groupOf({ title, rows }: (typeof faultTable)[number]): string[] {
  const details = Map.groupBy(rows, ({ detail }) => detail)
  const isShared = ({ detail }: FaultRow): boolean => (details.get(detail)?.length ?? 0) > 1
  const shared = [...details.keys()].filter((detail) => (details.get(detail)?.length ?? 0) > 1)
  return [
    title,
    ...rows.flatMap((row) => [
      ...column(writtenAs(row), row.does),
      ...(isShared(row) || row.detail === undefined ? [] : column('', detailText(row.detail))),
    ]),
    ...shared.flatMap((detail) => (detail === undefined ? [] : column('', detailText(detail)))),
    '',
  ]
}

function column(name: string, text: string): string[] {
  const lines = wrap(text, columns - nameWidth - 2)
  return lines.map((line, at) => `  ${(at === 0 ? name : '').padEnd(nameWidth)}${line}`)
}

const writtenAs = ({ name, detail }: FaultRow): string => (detail === undefined ? name : `${name}[:${detail.shown}]`)

const detailText = ({ shown, means, default: usual }: Detail): string => `${shown}: ${means} (default: ${usual})`

/** As the docs have it: one table for each group. */
export const faultMarkdown = (): string =>
  faultTable
    .map(({ title, rows }) =>
      [
        `### ${title}`,
        '',
        '| fault | what happens | detail | default |',
        '| --- | --- | --- | --- |',
        ...rows.map(
          (row) =>
            `| \`${writtenAs(row)}\` | ${row.does} | ${row.detail?.means ?? ''} | ${row.detail === undefined ? '' : `\`${row.detail.default}\``} |`,
        ),
      ].join('\n'),
    )
    .join('\n\n')
