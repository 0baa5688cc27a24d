/** The log lines of deliveries in the last 24 hours. */
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { DeliveryEntry } from '../../core/telemetry/log-entries.ts'
import type { DoctorContext } from './context.ts'
import { getIfExists } from './get-if-exists.ts'

const dayMs = 86_400_000
/** A page has up to 10,000 lines. Three are enough for a verdict, and keep the cost low. */
const maxPages = 3

export type DeliveryLine = DeliveryEntry & { readonly time: string }

/** @param filterPattern what a line must contain @returns oldest first; undefined if there is no log group */
export async function deliveryLines(
  { aws, region, name, functions, now }: DoctorContext,
  filterPattern = '"delivery"',
): Promise<DeliveryLine[] | undefined> {
  const logGroupName = functions.receive?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}-receive`
  const logs = aws.logs(region)
  const lines: DeliveryLine[] = []
  let nextToken: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const startTime = now() - dayMs
    const command = new FilterLogEventsCommand({ logGroupName, startTime, filterPattern, nextToken })
    const answer = await getIfExists(logs.send(command))
    if (answer === undefined) return undefined
    lines.push(...(answer.events ?? []).flatMap(({ message }) => parseLine(message ?? '')))
    nextToken = answer.nextToken
    if (nextToken === undefined) break
  }
  return lines
}

function parseLine(message: string): DeliveryLine[] {
  try {
    const line = JSON.parse(message) as DeliveryLine
    return typeof line.source === 'string' && typeof line.outcome === 'string' ? [line] : []
  } catch {
    return []
  }
}
