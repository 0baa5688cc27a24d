/** What a person would read in the HTTP response to a delivery. Pure. */
import { plainMrkdwn, sectionTexts } from './mrkdwn.ts'
import { parseObject } from './parse-object.ts'

/** Slack's message, or the problems of a rejected delivery. None for JSON that only a program reads. */
export function replyLines(body: string): readonly string[] {
  const { response_type, blocks, text, problems } = parseObject(body)
  if (response_type !== undefined) {
    const sections = Array.isArray(blocks) ? sectionTexts(blocks) : undefined
    return plainMrkdwn(sections ?? String(text ?? '')).split('\n')
  }
  if (!Array.isArray(problems)) return []
  return (problems as readonly { path: string; message: string }[]).map(({ path, message }) =>
    `${path} ${message}`.trim(),
  )
}
