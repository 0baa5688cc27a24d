/** Reads and checks a report that a container sends about its own progress. Pure. */
import { BadRequest, type Problem, Unprocessable } from '../errors.ts'
import { parseJson } from '../http/body.ts'
import { type Report, reportLimits } from '../model/progress.ts'

/** Bytes of a report. */
export const maxReportBytes = 8192

/** @throws {BadRequest} where it cannot be read @throws {Unprocessable} with all that is wrong */
export function parseReport(text: string): Report {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('a report is a JSON object: {"percent": 40, "message": "…"}')
  const { percent, message, outputs, links, ...others } = value as Readonly<Record<string, unknown>>
  const problems: Problem[] = [
    ...Object.keys(others).map((name) => wrong(name, 'is nothing that a report has: percent, message, outputs, links')),
    ...(percent === undefined || isPercent(percent) ? [] : [wrong('percent', 'is a number from 0 to 100')]),
    ...(message === undefined || isText(message, reportLimits.message)
      ? []
      : [wrong('message', `is text of ${reportLimits.message} characters at most`)]),
    ...outputFaults(outputs),
    ...linkFaults(links),
  ]
  if (problems.length > 0) throw new Unprocessable('the report cannot be taken', problems)
  if (Object.keys(value).length === 0) throw new Unprocessable('the report says nothing', [])
  return value as Report
}

const wrong = (path: string, message: string): Problem => ({ path: path.slice(0, 64), message })

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && value.isWellFormed()

const isPercent = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 100

function outputFaults(outputs: unknown): Problem[] {
  if (outputs === undefined) return []
  if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs))
    return [wrong('outputs', 'is an object of texts: {"rows": "1200"}')]
  const entries = Object.entries(outputs)
  if (entries.length > reportLimits.outputs) return [wrong('outputs', `takes ${reportLimits.outputs} at most`)]
  return entries.flatMap(([name, value]) => [
    ...(/^[\w.-]{1,64}$/.test(name) && name !== '__proto__'
      ? []
      : [wrong(`outputs.${name}`, 'is not a name: letters, digits and . _ -')]),
    ...(isText(value, reportLimits.output)
      ? []
      : [wrong(`outputs.${name}`, `is text of ${reportLimits.output} characters at most`)]),
  ])
}

function linkFaults(links: unknown): Problem[] {
  if (links === undefined) return []
  if (!Array.isArray(links) || links.length > reportLimits.links)
    return [wrong('links', `is a list of ${reportLimits.links} at most: [{"label": "Report", "url": "https://…"}]`)]
  return (links as readonly unknown[]).flatMap((link, at) => {
    const { label, url } = (link ?? {}) as Readonly<Record<string, unknown>>
    return [
      ...(isText(label, reportLimits.label) && label !== ''
        ? []
        : [wrong(`links[${at}].label`, `is text of ${reportLimits.label} characters at most`)]),
      ...(isText(url, reportLimits.url) && isWeb(url)
        ? []
        : [wrong(`links[${at}].url`, 'is an address that begins with https://')]),
    ]
  })
}

/** White space is not in a URL, though it parses: it would break the line in which the link is shown. */
function isWeb(url: string): boolean {
  const parsed = /[\s\p{Cc}]/u.test(url) ? null : URL.parse(url)
  return parsed?.protocol === 'https:' && parsed.username === '' && parsed.password === ''
}
