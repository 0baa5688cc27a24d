/** What a container reports about its own progress, and how reports are merged. Pure. */
import type { Plan } from './plan.ts'
import { maskedText } from './secret-params.ts'

export interface Link {
  readonly label: string
  readonly url: string
}

/** One report. What it omits stays as it was. */
export interface Report {
  /** 0 to 100. */
  readonly percent?: number
  readonly message?: string
  readonly outputs?: Readonly<Record<string, string>>
  readonly links?: readonly Link[]
}

/** All reports of a run together. */
export interface Progress extends Report {
  /** When the newest report was made, in milliseconds since the epoch. */
  readonly at: number
}

/** Characters of `message`, of one `output`, of a link's `label` and `url`; numbers of `outputs` and `links`. */
export const reportLimits = { message: 500, outputs: 20, output: 500, links: 10, label: 80, url: 1000 } as const

/**
 * Reports may arrive out of order: an older one adds only what no newer one has set.
 * @param at when the report was made, in milliseconds since the epoch
 */
export function mergeReport(known: Progress | undefined, report: Report, at: number, plan: Plan): Progress {
  const masked = maskedReport(report, plan)
  const [older, newer] = known !== undefined && known.at > at ? [masked, known] : [known ?? {}, masked]
  const outputs = Object.entries({ ...older.outputs, ...newer.outputs }).slice(0, reportLimits.outputs)
  const links = new Map([...(older.links ?? []), ...(newer.links ?? [])].map((link) => [link.label, link]))
  const { percent = older.percent, message = older.message } = newer
  return {
    at: Math.max(at, known?.at ?? 0),
    ...(percent !== undefined && { percent }),
    ...(message !== undefined && { message }),
    ...(outputs.length > 0 && { outputs: Object.fromEntries(outputs) }),
    ...(links.size > 0 && { links: [...links.values()].slice(0, reportLimits.links) }),
  }
}

/** Secret values are removed before anything is stored or shown. */
export function maskedReport(
  { percent, message, outputs, links }: Report,
  { params, hidden }: Pick<Plan, 'params' | 'hidden'>,
): Report {
  const mask = (text: string): string => maskedText(text, params, hidden)
  // A URL contains values in encoded form.
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
