/** The deliveries of the last 24 hours, from the log of `receive`. */
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { DoctorContext } from '../account/context.ts'
import { type DeliveryLine, deliveryLines } from '../account/delivery-lines.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'

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
