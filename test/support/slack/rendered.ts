/** What a person sees of a message. */
import type { MessageContent } from './limits.ts'

/** Every text that Slack would render, with the buttons in brackets. */
export const renderedTexts = ({ blocks }: Pick<MessageContent, 'blocks'>): string[] =>
  blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? '']
    if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []))
    if (block.type === 'actions')
      return [block.elements.map((element) => (element.type === 'button' ? `[${element.text.text}]` : '')).join(' ')]
    return []
  })

/** The action ids of its buttons. */
export const buttonActions = ({ blocks }: Pick<MessageContent, 'blocks'>): string[] =>
  blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) => (element.type === 'button' ? (element.action_id ?? '') : []))
      : [],
  )
