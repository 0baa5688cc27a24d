/** What came in lately, by the log of `receive`. */
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { DeliveryEntry } from '../../core/telemetry/log-entries.ts'
import { ask } from '../clients.ts'
import type { Check, DoctorContext } from '../context.ts'

const dayMs = 86_400_000
/** Pages of up to 10,000 lines each: enough for a verdict, and no bill. */
const maxPages = 3

export const deliveries: Check = {
  about: 'last deliveries',
  async look(examined) {
    if (examined.functions.receive === undefined) return []
    const [entries = [], url] = await Promise.all([lately(examined), urlOf(examined)])
    return Object.keys(examined.config.sources).map((source) =>
      verdict(
        source,
        entries.filter((entry) => entry.source === source),
        `${url ?? ''}${source}`,
      ),
    )
  },
}

async function urlOf({ aws, name }: DoctorContext): Promise<string | undefined> {
  const answer = await ask(aws.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: `${name}-receive` })))
  return answer?.FunctionUrl?.replace(/\/?$/, '/')
}

type Line = DeliveryEntry & { readonly time: string }

async function lately({ aws, region, name, functions: { receive }, now }: DoctorContext): Promise<Line[] | undefined> {
  const logGroupName = receive?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}-receive`
  const logs = aws.logs(region)
  const lines: Line[] = []
  let nextToken: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const answer = await ask(
      logs.send(
        new FilterLogEventsCommand({ logGroupName, startTime: now() - dayMs, filterPattern: '"delivery"', nextToken }),
      ),
    )
    if (answer === undefined) return undefined
    lines.push(...(answer.events ?? []).flatMap(({ message }) => entryOf(message ?? '')))
    nextToken = answer.nextToken
    if (nextToken === undefined) break
  }
  return lines
}

function entryOf(message: string): Line[] {
  try {
    const entry = JSON.parse(message) as Line
    return typeof entry.source === 'string' && typeof entry.outcome === 'string' ? [entry] : []
  } catch {
    return []
  }
}

/** Pure. */
export function verdict(source: string, entries: readonly Line[], url: string): Finding {
  const last = entries.at(-1)
  if (last === undefined)
    return unknown(`${source}: nothing came in the last 24 hours`, `if something should have, give the sender ${url}`)
  const counts = [...Map.groupBy(entries, ({ outcome }) => outcome)].map(([outcome, all]) => `${all.length} ${outcome}`)
  const says = `${source}: ${counts.join(', ')} in the last 24 hours, the last at ${last.time}`
  if (entries.every(({ outcome }) => outcome === 'unauthorized'))
    return problem(
      `${says}: ${last.reason ?? 'the signature does not hold'}`,
      'no delivery verifies: compare the secret at the sender with the one that the config names',
    )
  return last.outcome === 'failed'
    ? problem(`${says}: ${last.reason ?? 'it failed'}`, `read the log of receive around ${last.time}`)
    : ok(says)
}
