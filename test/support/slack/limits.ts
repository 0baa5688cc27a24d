/** Slack's limits on messages and modals, as its reference states them: https://docs.slack.dev/reference/block-kit/blocks */
import type { KnownBlock, ModalView } from '@slack/types'

export interface MessageContent {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

function lengthErrors(what: string, value: string | undefined, max: number): string[] {
  if (value === undefined) return []
  return value.length >= 1 && value.length <= max && value.isWellFormed()
    ? []
    : [`${what} has ${value.length} of ${max} characters`]
}

function blockErrors(block: KnownBlock): string[] {
  switch (block.type) {
    case 'section':
      return lengthErrors('section', block.text?.text ?? '', 3000)
    case 'context':
      return [
        ...(block.elements.length > 10 || block.elements.length === 0 ? ['elements of a context'] : []),
        ...block.elements.flatMap((element) => ('text' in element ? lengthErrors('context', element.text, 3000) : [])),
      ]
    case 'actions':
      return [
        ...(block.elements.length > 25 || block.elements.length === 0 ? ['elements of actions'] : []),
        ...block.elements.flatMap(buttonErrors),
      ]
    case 'input':
      return []
    default:
      return [`a ${block.type}`]
  }
}

type ActionElement = Extract<KnownBlock, { type: 'actions' }>['elements'][number]

const buttonErrors = (element: ActionElement): string[] =>
  element.type !== 'button'
    ? ['not a button']
    : [
        ...lengthErrors('button', element.text.text, 75),
        ...lengthErrors('value', element.value, 2000),
        ...lengthErrors('action_id', element.action_id, 255),
        ...lengthErrors('title', element.confirm?.title?.text, 100),
        ...lengthErrors('confirm', element.confirm?.text.text, 300),
        ...lengthErrors('confirm', element.confirm?.confirm?.text, 30),
        ...lengthErrors('deny', element.confirm?.deny?.text, 30),
      ]

/** @returns what Slack would refuse in a message; empty: nothing */
export const messageErrors = ({ text, blocks }: MessageContent, maxBlocks = 50): string[] => [
  ...lengthErrors('text', text, 40_000),
  ...(blocks.length > maxBlocks ? [`${blocks.length} blocks`] : []),
  ...blocks.flatMap(blockErrors),
]

/** @returns what Slack would refuse in a modal; empty: nothing */
export function viewErrors(view: ModalView): string[] {
  const ids = (view.blocks as readonly KnownBlock[]).flatMap(({ block_id }) => block_id ?? [])
  return [
    ...messageErrors({ text: view.title.text, blocks: view.blocks as readonly KnownBlock[] }, 100),
    ...[view.title, view.submit, view.close].flatMap((text) =>
      text !== undefined && text.text.length > 24 ? ['title'] : [],
    ),
    ...((view.private_metadata ?? '').length > 3000 ? ['private_metadata'] : []),
    ...(new Set(ids).size < ids.length ? ['block_id twice'] : []),
  ]
}
