/** What Slack would show of a message, and runs to show. */
import type { Message } from '../../../src/adapters/slack/block-kit.ts'
import type { RunView } from '../../../src/core/adapter.ts'

export const view = (more: Partial<RunView> = {}): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'queued',
  params: { dataset: 'sales', depth: 3 },
  statusUrl: 'https://abc.on.aws/runs/0123456789abcdef0123?token=t',
  createdAt: '2026-03-01T10:00:00.000Z',
  ...more,
})

/** Every text that Slack renders, with buttons in brackets. */
export const textsOf = (message: Message): string[] =>
  message.blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? '']
    if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []))
    if (block.type === 'actions')
      return [block.elements.map((element) => ('text' in element ? `[${element.text?.text}]` : '')).join(' ')]
    throw new Error(`unexpected block ${block.type}`)
  })

export const nasty = '<!channel> <@U1> <https://evil.example|click> & `code` *bold*'

/** Slack acts only on `<…>`. What remains without links to the status page must be empty. */
export const controls = (text: string): readonly string[] =>
  (text.match(/<[^>]*>/g) ?? []).filter((link) => !link.startsWith('<https://abc.on.aws/'))
