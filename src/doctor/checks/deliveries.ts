/** The deliveries of the last 24 hours, from the log of `receive`. */
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { DeliveryEntry } from '../../core/telemetry/log-entries.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'

const dayMs = 86_400_000
/** A page has up to 10,000 lines. Three are enough for a verdict, and keep the cost low. */
const maxPages = 3

export const deliveries: Check = {
  about: 'last deliveries',
  async run(context) {
    if (context.functions.receive === undefined) return []
    const [lines = [], url] = await Promise.all([deliveryLines(context), functionUrlOf(context)])
    return Object.keys(context.config.sources).map((source) =>
      sourceFinding(
        source,
        lines.filter((line) => line.source === source),
        `${url ?? ''}${source}`,
      ),
    )
  },
}

async function functionUrlOf({ aws, name }: DoctorContext): Promise<string | undefined> {
  const command = new GetFunctionUrlConfigCommand({ FunctionName: `${name}-receive` })
  return (await getIfExists(aws.lambda.send(command)))?.FunctionUrl?.replace(/\/?$/, '/')
}

type DeliveryLine = DeliveryEntry & { readonly time: string }

/** @returns oldest first; undefined if there is no log group */
async function deliveryLines({
  aws,
  region,
  name,
  functions,
  now,
}: DoctorContext): Promise<DeliveryLine[] | undefined> {
  const logGroupName = functions.receive?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}-receive`
  const logs = aws.logs(region)
  const lines: DeliveryLine[] = []
  let nextToken: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const startTime = now() - dayMs
    const command = new FilterLogEventsCommand({ logGroupName, startTime, filterPattern: '"delivery"', nextToken })
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

function sourceFinding(source: string, lines: readonly DeliveryLine[], url: string): Finding {
  const last = lines.at(-1)
  if (last === undefined)
    return unknown(
      `${source}: no deliveries in the last 24 hours`,
      `if you expected some, check that the sender uses ${url}`,
    )
  const counts = [...Map.groupBy(lines, ({ outcome }) => outcome)].map(([outcome, all]) => `${all.length} ${outcome}`)
  const summary = `${source}: ${counts.join(', ')} in the last 24 hours, the last at ${last.time}`
  if (lines.every(({ outcome }) => outcome === 'unauthorized'))
    return problem(
      `${summary}: ${last.reason ?? 'the signature is not valid'}`,
      'no delivery can be verified: compare the secret at the sender with the one that the config names',
    )
  return last.outcome === 'failed'
    ? problem(`${summary}: ${last.reason ?? 'it failed'}`, `read the log of receive around ${last.time}`)
    : ok(summary)
}
