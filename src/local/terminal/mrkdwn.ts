/** Slack's mrkdwn and blocks as plain text: emoji as characters, no markup, entities decoded. Pure. */

const emoji: Readonly<Record<string, string>> = {
  hourglass_flowing_sand: '⏳',
  arrow_forward: '▶',
  white_check_mark: '✅',
  x: '❌',
  octagonal_sign: '🛑',
  alarm_clock: '⏰',
  warning: '⚠️',
  no_entry_sign: '🚫',
  grey_question: '❔',
  raised_hand: '✋',
  thumbsup: '👍',
  pencil: '✏️',
}

export const plainMrkdwn = (text: string): string =>
  text
    .replace(/:([a-z_]+):/g, (whole, name: string) => emoji[name] ?? whole)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]+)>/g, '$1')
    .replace(/<([^|>]+)\|([^>]+)>/g, '$2')
    .replace(/<(?:@|!subteam\^)(\w+)>/g, '@$1')
    .replace(/(^|[\s(•])[*_]([^*_\n]+)[*_](?=$|[\s).,:;])/g, '$1$2')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** The text of the section blocks: not the context blocks (small print), and no buttons. Undefined: there are none. */
export function sectionTexts(blocks: readonly unknown[]): string | undefined {
  const texts = (blocks as readonly { type?: string; text?: { text?: string } }[]).flatMap(({ type, text }) =>
    type === 'section' && text?.text !== undefined ? [text.text] : [],
  )
  return texts.length === 0 ? undefined : texts.join('\n')
}
