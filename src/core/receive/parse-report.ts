/** Reads and checks a report that a container sends about its own progress. Pure. */
import { BadRequest, type Problem, Unprocessable } from '../errors.ts'
import { parseJson } from '../http/body.ts'
import { isSafeLink } from '../http/url-checks.ts'
import { type Report, reportLimits } from '../model/progress.ts'

export const maxReportBytes = 8192

const fields = ['percent', 'message', 'outputs', 'links']

/** @throws {BadRequest} if it cannot be read @throws {Unprocessable} with every problem at once */
export function parseReport(text: string): Report {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('a report is a JSON object: {"percent": 40, "message": "…"}')
  const { percent, message, outputs, links }: Partial<Record<string, unknown>> = value
  const problems: Problem[] = [
    ...Object.keys(value)
      .filter((name) => !fields.includes(name))
      .map((name) => problem(name, `is not a field of a report; the fields are ${fields.join(', ')}`)),
    ...(percent === undefined || isPercent(percent) ? [] : [problem('percent', 'must be a number from 0 to 100')]),
    ...(message === undefined ? [] : textProblems('message', message, reportLimits.message)),
    ...(outputs === undefined ? [] : outputProblems(outputs)),
    ...(links === undefined ? [] : linkProblems(links)),
  ]
  if (problems.length > 0) throw new Unprocessable('the report is not valid', problems)
  if (Object.keys(value).length === 0) throw new Unprocessable('the report is empty', [])
  return value as Report
}

/** A name from the report may be long, and the path is logged and shown. */
const problem = (path: string, message: string): Problem => ({ path: path.slice(0, 64), message })

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length <= max && value.isWellFormed()

const isPercent = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 100

const textProblems = (path: string, value: unknown, max: number): Problem[] =>
  isText(value, max) ? [] : [problem(path, `must be text of at most ${max} characters`)]

function outputProblems(outputs: unknown): Problem[] {
  if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs))
    return [problem('outputs', 'must be an object of texts: {"rows": "1200"}')]
  const entries = Object.entries(outputs)
  if (entries.length > reportLimits.outputs) return [problem('outputs', `can have at most ${reportLimits.outputs}`)]
  return entries.flatMap(([name, value]) => [
    ...(/^[\w.-]{1,64}$/.test(name) && name !== '__proto__'
      ? []
      : [problem(`outputs.${name}`, 'must have a name of 1 to 64 letters, digits and . _ -')]),
    ...textProblems(`outputs.${name}`, value, reportLimits.output),
  ])
}

function linkProblems(links: unknown): Problem[] {
  if (!Array.isArray(links) || links.length > reportLimits.links)
    return [
      problem('links', `must be a list of at most ${reportLimits.links}: [{"label": "Report", "url": "https://…"}]`),
    ]
  return links.flatMap((link: unknown, at) => {
    const { label, url }: Partial<Record<string, unknown>> = link ?? {}
    return [
      ...(isText(label, reportLimits.label) && label !== ''
        ? []
        : [problem(`links[${at}].label`, `must be text of 1 to ${reportLimits.label} characters`)]),
      ...(isText(url, reportLimits.url) && isSafeLink(url)
        ? []
        : [problem(`links[${at}].url`, 'must be an address that begins with https://')]),
    ]
  })
}
