/** Messages of Block Kit blocks within Slack's limits. Pure. https://docs.slack.dev/reference/block-kit */
import type { KnownBlock } from '@slack/types'
import { cutMrkdwn, escapeText } from './mrkdwn.ts'

export interface Message {
  /** Plain text, for notifications. */
  readonly text: string
  readonly blocks: KnownBlock[]
}

const maxText = 3000
const maxBlocks = 50

/** `verbatim`: Slack makes no links or mentions of text that is not marked as one. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text: cutMrkdwn(text, maxText), verbatim: true })

export const section = (text: string): KnownBlock => ({ type: 'section', text: mrkdwn(text) })
export const context = (text: string): KnownBlock => ({ type: 'context', elements: [mrkdwn(text)] })

/** As many whole lines as a section takes. */
export function linesSection(lines: readonly string[]): KnownBlock {
  let length = 0
  const fits = lines.findIndex((line) => {
    length += line.length + 1
    return length > maxText - 20
  })
  if (fits < 0) return section(lines.join('\n'))
  return section([...lines.slice(0, fits), `… and ${lines.length - fits} more`].join('\n'))
}

/** A line of `linesSection` that may be long, and must leave room for the next ones. */
export const headLine = (text: string): string => cutMrkdwn(text, 1000)

/** @param plain not escaped */
export const message = (plain: string, ...blocks: KnownBlock[]): Message => ({
  text: cutMrkdwn(escapeText(plain), maxText),
  blocks:
    blocks.length <= maxBlocks
      ? blocks
      : [...blocks.slice(0, maxBlocks - 1), context('… and more than a message has room for.')],
})
