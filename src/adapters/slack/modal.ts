/** A modal, and plain text for it, within Slack's limits. Pure. https://docs.slack.dev/reference/views/modal-views */

import type { KnownBlock, ModalView, PlainTextElement } from '@slack/types'
import { cutText } from '../../core/text/cut-text.ts'

/** `emoji: false`, because a value such as ":x:" is meant literally. */
export const plainText = (text: string, max: number): PlainTextElement => ({
  type: 'plain_text',
  text: cutText(text, max),
  emoji: false,
})

export const maxTitle = 24

/** A modal that only shows blocks. */
export const infoModal = (title: string, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  title: plainText(title, maxTitle),
  close: plainText('Close', maxTitle),
  blocks,
})
