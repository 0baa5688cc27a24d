/** docs/faults.md, out of the matrix. */
import type { Chapter, Fault } from './fault.ts'

const intro = `# What happens when something goes wrong

Every row is a test: \`test/faults\` plays the fault through the real protocol (ECS, DynamoDB and SQS on one machine, over HTTP), and holds
what the sender is told, what the log says, how often RunTask is called and how it ends against this table. This page is made of the same
rows, so it cannot say anything else.

The sender here is a GitHub commit, told by its status; Slack, comments, check runs and callbacks are told the same words. *Operator* is
what a line of the log holds; with \`run\`, the other lines of it are found. What each alarm asks for is in [operations.md](operations.md).
\`taskhook dev --fault\` plays most of them with your own config: [local-faults.md](local-faults.md).
`

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${cell(text)}\``

const rowOf = ({ name, sender, operator, retried, end }: Fault): string =>
  `| ${cell(name)} | ${sender.map(cell).join(' → ') || 'nothing'} | ${code(operator)} | ${cell(retried)} | ${end} |`

export const pageOf = (chapters: readonly Chapter[]): string =>
  [
    intro,
    ...chapters.map(({ title, about, faults }) =>
      [
        `## ${title}`,
        '',
        about,
        '',
        '| what goes wrong | the sender is told | the operator sees | tried again | ends |',
        '| --- | --- | --- | --- | --- |',
        ...faults.map(rowOf),
        '',
      ].join('\n'),
    ),
  ].join('\n')
