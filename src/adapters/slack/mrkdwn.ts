/** Slack's markup, mrkdwn. Pure. https://docs.slack.dev/messaging/formatting-message-text */
import { cutText } from '../../core/text/cut-text.ts'

/** mrkdwn needs no more. Without it, text from outside could mention `<!channel>`. */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/**
 * A command's text as the person typed it. With `should_escape` Slack writes people, channels and links as `<@U1|ann>`, `<#C1|data>`,
 * `<https://x.org|x.org>`, and `& < >` as entities; they become ids, addresses and characters. Any other "<" was typed.
 */
export const unescapeText = (text: string): string =>
  text
    .replace(/<(?:[@#!]|(?=[a-z][a-z\d+.-]*:))([^<>|\s]+)(?:\|[^<>]*)?>/gi, (_, value: string) =>
      value.replace(/^mailto:/, ''),
    )
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** Cuts mrkdwn, but never inside an entity, a link of ours or a character. */
export const cutMrkdwn = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).replace(/(&[a-z]*|<[^>]*|[\uD800-\uDBFF])$/, '')}…`

/** On one line: a line of its own could be mistaken for one of taskhook's. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

/** Slack ends a link at "|" and ">". */
export const link = (url: string, label: string): string =>
  `<${escapeText(url).replaceAll('|', '%7C')}|${escapeText(oneLine(label)).replaceAll('|', '/')}>`

/** Parameters can be long. */
const maxCode = 300

export const code = (text: string): string =>
  text === '' ? '' : `\`${escapeText(cutText(oneLine(text), maxCode)).replaceAll('`', "'")}\``

/** A time in each reader's own time zone. @param iso ISO 8601 */
export const localTime = (iso: string): string =>
  `<!date^${Math.floor(Date.parse(iso) / 1000)}^{date_short_pretty} {time}|${iso}>`

/** The parts of a context line. */
export const joinDetails = (details: readonly string[]): string => details.filter(Boolean).join('  ·  ')
