/** What a container says about itself while it runs: read, bounded, and with its secret parameters taken out. Pure. */
import { BadRequest, type Problem, Unprocessable } from '../errors.ts'
import { parseJson } from '../http/lambda-url.ts'
import { maskedText } from '../routing/params.ts'
import type { Plan } from '../routing/run-task-input.ts'

export interface Link {
  readonly label: string
  readonly url: string
}

/** What one report says. */
export interface Report {
  /** 0 to 100. */
  readonly percent?: number
  readonly message?: string
  readonly outputs?: Readonly<Record<string, string>>
  readonly links?: readonly Link[]
}

/** What all reports say together. */
export interface Progress extends Report {
  /** When the newest was made, in milliseconds since the epoch. */
  readonly at: number
}

/** Bytes of a report. */
export const maxReportBytes = 8192
const most = { message: 500, outputs: 20, output: 500, links: 10, label: 80, url: 1000 } as const

/** @throws {BadRequest} where it cannot be read @throws {Unprocessable} with all that is wrong */
export function parseReport(text: string): Report {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('a report is a JSON object: {"percent": 40, "message": "…"}')
  const { percent, message, outputs, links, ...others } = value as Readonly<Record<string, unknown>>
  const problems: Problem[] = [
    ...Object.keys(others).map((name) => wrong(name, 'is nothing that a report has: percent, message, outputs, links')),
    ...(percent === undefined || isPercent(percent) ? [] : [wrong('percent', 'is a number from 0 to 100')]),
    ...(message === undefined || isText(message, most.message)
      ? []
      : [wrong('message', `is text of ${most.message} characters at most`)]),
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
  if (entries.length > most.outputs) return [wrong('outputs', `takes ${most.outputs} at most`)]
  return entries.flatMap(([name, value]) => [
    ...(/^[\w.-]{1,64}$/.test(name) && name !== '__proto__'
      ? []
      : [wrong(`outputs.${name}`, 'is not a name: letters, digits and . _ -')]),
    ...(isText(value, most.output) ? [] : [wrong(`outputs.${name}`, `is text of ${most.output} characters at most`)]),
  ])
}

function linkFaults(links: unknown): Problem[] {
  if (links === undefined) return []
  if (!Array.isArray(links) || links.length > most.links)
    return [wrong('links', `is a list of ${most.links} at most: [{"label": "Report", "url": "https://…"}]`)]
  return (links as readonly unknown[]).flatMap((link, at) => {
    const { label, url } = (link ?? {}) as Readonly<Record<string, unknown>>
    return [
      ...(isText(label, most.label) && label !== ''
        ? []
        : [wrong(`links[${at}].label`, `is text of ${most.label} characters at most`)]),
      ...(isText(url, most.url) && isWeb(url)
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

/**
 * A report on top of what is known. Reports may overtake each other: an older one adds only what no newer one has said.
 * @param at when it was made
 */
export function added(known: Progress | undefined, report: Report, at: number, plan: Plan): Progress {
  const masked = maskedReport(report, plan)
  const [older, newer] = known !== undefined && known.at > at ? [masked, known] : [known ?? {}, masked]
  const outputs = Object.entries({ ...older.outputs, ...newer.outputs }).slice(0, most.outputs)
  const links = new Map([...(older.links ?? []), ...(newer.links ?? [])].map((link) => [link.label, link]))
  const { percent = older.percent, message = older.message } = newer
  return {
    at: Math.max(at, known?.at ?? 0),
    ...(percent !== undefined && { percent }),
    ...(message !== undefined && { message }),
    ...(outputs.length > 0 && { outputs: Object.fromEntries(outputs) }),
    ...(links.size > 0 && { links: [...links.values()].slice(0, most.links) }),
  }
}

function maskedReport({ percent, message, outputs, links }: Report, { params, hidden }: Plan): Report {
  const mask = (text: string): string => maskedText(text, params, hidden)
  // In a URL a value may stand as it is written there.
  const escaped = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encodeURIComponent(value)]))
  const maskUrl = (url: string): string => maskedText(mask(url), escaped, hidden)
  return {
    ...(percent !== undefined && { percent: Math.round(percent) }),
    ...(message !== undefined && { message: mask(message) }),
    ...(outputs !== undefined && {
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [mask(name), mask(value)])),
    }),
    ...(links !== undefined && { links: links.map(({ label, url }) => ({ label: mask(label), url: maskUrl(url) })) }),
  }
}
