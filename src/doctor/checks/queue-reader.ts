/** The event source mapping through which `start` reads the queue. */
import { type EventSourceMappingConfiguration, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { type Finding, problem, warning } from '../../core/model/checkup.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'

/** Fargate accepts 20 RunTask calls a second. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html */
const runTaskPerSecond = 20

export async function queueReaderFaults(
  { aws, name, functions: { start } }: DoctorContext,
  queueArn: string,
): Promise<Finding[]> {
  if (start === undefined) return []
  const FunctionName = `${name}-start`
  const answer = await getIfExists(aws.lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn: queueArn })))
  const mapping = answer?.EventSourceMappings?.find(({ FunctionArn = '' }) => FunctionArn.includes(`:${FunctionName}`))
  if (mapping === undefined)
    return [
      problem(
        'no function reads the queue: every run stays queued',
        `aws lambda create-event-source-mapping --function-name ${FunctionName} --event-source-arn ${queueArn} --batch-size 5 --function-response-types ReportBatchItemFailures --scaling-config MaximumConcurrency=2`,
      ),
    ]
  return mappingFaults(mapping)
}

function mappingFaults(mapping: EventSourceMappingConfiguration): Finding[] {
  const { UUID, State = '', StateTransitionReason, FunctionResponseTypes = [], ScalingConfig, BatchSize = 10 } = mapping
  const update = `aws lambda update-event-source-mapping --uuid ${UUID}`
  const findings: Finding[] = []
  if (!/^(Enabled|Enabling|Creating|Updating)$/.test(State)) {
    const reason = StateTransitionReason === undefined ? '' : ` (${StateTransitionReason})`
    findings.push(
      problem(
        `start does not read the queue, so every run stays queued: the event source mapping is ${State}${reason}`,
        `${update} --enabled`,
      ),
    )
  }
  if (!FunctionResponseTypes.includes('ReportBatchItemFailures'))
    findings.push(
      problem(
        'one message that fails returns its whole batch to the queue: the event source mapping does not report single failures',
        `${update} --function-response-types ReportBatchItemFailures`,
      ),
    )
  const startsAtOnce = (ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY) * BatchSize
  if (startsAtOnce > runTaskPerSecond)
    findings.push(
      warning(
        `a burst may cause ${Number.isFinite(startsAtOnce) ? `up to ${startsAtOnce}` : 'any number of'} starts at once, but Fargate accepts ${runTaskPerSecond} a second`,
        `${update} --batch-size 5 --scaling-config MaximumConcurrency=2`,
      ),
    )
  return findings
}
