/** The table of named faults: for `--fault list`, and for docs/local-faults.md. */
import { wrap } from '../core/text/terminal-text.ts'
import type { FaultDefinition, FaultDetail } from '../local/faults/fault-definition.ts'
import { type FaultGroup, faultTable } from '../local/faults/fault-table.ts'

const columns = 80
const nameWidth = 25

/** At most 80 columns wide. */
export function faultHelp(): string {
  return [
    'taskhook dev CONFIG --fault NAME[:DETAIL][:TIMES][@PROBABILITY] …',
    '',
    ...faultTable.flatMap(groupLines),
    'TIMES: a number, or "always" (default: 1).',
    'PROBABILITY: 0.2 or 20%. The fault stays until you clear it, and affects the',
    'same calls in each session.',
    '',
    'While it runs:  curl URL/_faults',
    '                curl URL/_faults --json \'{"fault": "capacity", "times": 3}\'',
    '                curl -X DELETE URL/_faults',
    '',
  ]
    .flatMap((line) => wrap(line, columns))
    .join('\n')
}

/** A detail that several faults of a group share is explained once, at the end of the group. */
function groupLines({ title, definitions }: FaultGroup): string[] {
  const uses = Map.groupBy(definitions, ({ detail }) => detail)
  const isShared = (detail: FaultDetail): boolean => (uses.get(detail)?.length ?? 0) > 1
  const shared = [...uses.keys()].filter((detail) => detail !== undefined).filter(isShared)
  return [
    title,
    ...definitions.flatMap((definition) => [
      ...rowLines(syntaxOf(definition), definition.description),
      ...(definition.detail === undefined || isShared(definition.detail)
        ? []
        : rowLines('', detailText(definition.detail))),
    ]),
    ...shared.flatMap((detail) => rowLines('', detailText(detail))),
    '',
  ]
}

const rowLines = (name: string, text: string): string[] =>
  wrap(text, columns - nameWidth - 2).map((line, at) => `  ${(at === 0 ? name : '').padEnd(nameWidth)}${line}`)

const syntaxOf = ({ name, detail }: FaultDefinition): string =>
  detail === undefined ? name : `${name}[:${detail.placeholder}]`

const detailText = ({ placeholder, description, default: usual }: FaultDetail): string =>
  `${placeholder}: ${description} (default: ${usual})`

/** For the docs: one Markdown table for each group. */
export const faultMarkdown = (): string =>
  faultTable
    .map(({ title, definitions }) =>
      [
        `### ${title}`,
        '',
        '| fault | what happens | detail | default |',
        '| --- | --- | --- | --- |',
        ...definitions.map(markdownRow),
      ].join('\n'),
    )
    .join('\n\n')

const markdownRow = (definition: FaultDefinition): string => {
  const { description, detail } = definition
  const fallback = detail === undefined ? '' : `\`${detail.default}\``
  return `| \`${syntaxOf(definition)}\` | ${description} | ${detail?.description ?? ''} | ${fallback} |`
}
