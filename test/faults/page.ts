/** Generates docs/faults.md from the matrix. */
import type { Chapter, Fault } from './fault.ts'

const intro = `# What happens when something goes wrong

Every row is a test. \`test/faults\` injects the fault into the real protocol (ECS, DynamoDB and SQS on one machine, over HTTP), and compares
with this table what the sender sees, what the log says, how often RunTask is called and how the run ends. This page is generated from
the same rows.

The sender here is a GitHub commit, which shows commit statuses. Slack, comments, check runs and callbacks show the same texts. *The
operator sees* is part of a log line; search the log for its \`run\` to find the other lines. What to do about each alarm is in
[operations.md](operations.md). \`taskhook dev --fault\` injects most of these faults with your own config: [local-faults.md](local-faults.md).
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
        '| what goes wrong | the sender sees | the operator sees | tried again | ends |',
        '| --- | --- | --- | --- | --- |',
        ...faults.map(rowOf),
        '',
      ].join('\n'),
    ),
  ].join('\n')
