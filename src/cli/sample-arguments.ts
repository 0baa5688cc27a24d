/** The arguments of `send` and `explain` that describe a sample delivery. */
import type { SampleOptions } from '../local/samples/sample-options.ts'
import { textOrFile } from './load-config.ts'

export const sampleArguments = {
  text: { type: 'string', valueHint: '"dataset=x"', description: 'Slack, GitHub comments: text after the command' },
  command: { type: 'string', valueHint: '/analyze', description: 'Slack, GitHub comments: the command' },
  event: { type: 'string', valueHint: 'push', description: 'GitHub: name of the event' },
  data: { type: 'string', valueHint: '@file | text', description: 'The body as text, or the file that contains it' },
} as const

interface Given {
  readonly text?: string | undefined
  readonly command?: string | undefined
  readonly event?: string | undefined
  readonly data?: string | undefined
}

export const sampleOptionsOf = ({ text, command, event, data }: Given): SampleOptions => ({
  ...(text !== undefined && { text }),
  ...(command !== undefined && { command }),
  ...(event !== undefined && { event }),
  ...(data !== undefined && { data: textOrFile(data) }),
})
