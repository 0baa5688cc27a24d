/** The queue of starts, what reads it, and what needs a person. */
import { type EventSourceMappingConfiguration, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { arnOf } from '../../core/model/arn.ts'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { ask, type Clients } from '../clients.ts'
import { type Check, type DoctorContext, variablesOf } from '../context.ts'

export const queue: Check = {
  about: 'queue',
  async look(examined) {
    const url = variablesOf(examined).TASKHOOK_QUEUE_URL
    if (url === undefined) return []
    const attributes = await attributesOf(examined.aws, url)
    if (attributes === undefined)
      return [problem(`there is no queue ${url}`, 'deploy again, or mend TASKHOOK_QUEUE_URL')]
    const findings = [
      ...timing(attributes, examined.functions.start?.Timeout),
      ...(await deadLetters(examined.aws, attributes)),
      ...(await reader(examined, attributes.QueueArn ?? '')),
    ]
    const waiting = Number(attributes.ApproximateNumberOfMessages ?? 0)
    return findings.length > 0 ? findings : [ok(`the queue is read by start, and ${waiting} starts wait in it`)]
  },
}

type Attributes = Readonly<Record<string, string | undefined>>

async function attributesOf(aws: Clients, QueueUrl: string): Promise<Attributes | undefined> {
  const answer = await ask(aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })))
  return answer?.Attributes
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function timing({ VisibilityTimeout = '0' }: Attributes, timeout = 0): Finding[] {
  if (Number(VisibilityTimeout) >= timeout) return []
  return [
    problem(
      `a message comes back after ${VisibilityTimeout} s, while start may still be at it for ${timeout} s`,
      `set the queue’s visibility timeout to ${timeout * 6} s, six times the function’s`,
    ),
  ]
}

async function deadLetters(aws: Clients, { RedrivePolicy }: Attributes): Promise<Finding[]> {
  const target = (JSON.parse(RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }).deadLetterTargetArn
  if (target === undefined)
    return [
      problem(
        'the queue has no dead-letter queue: a start that fails again and again is tried for days, and nobody sees it',
        'give it a redrive policy',
      ),
    ]
  const QueueName = arnOf(target)?.resource ?? ''
  const url = await ask(aws.sqs.send(new GetQueueUrlCommand({ QueueName })))
  if (url?.QueueUrl === undefined)
    return [problem(`the dead-letter queue ${QueueName} is not there`, 'deploy again, or mend the redrive policy')]
  const dead = Number((await attributesOf(aws, url.QueueUrl))?.ApproximateNumberOfMessages ?? 0)
  if (dead === 0) return []
  return [
    warning(
      `${dead} starts are in ${QueueName}: start broke off ten times at each of them`,
      `read why in its log, mend it, then: aws sqs start-message-move-task --source-arn ${target}`,
    ),
  ]
}

async function reader({ aws, name, functions: { start } }: DoctorContext, queueArn: string): Promise<Finding[]> {
  if (start === undefined) return []
  const FunctionName = `${name}-start`
  const answer = await ask(aws.lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn: queueArn })))
  const mapping = answer?.EventSourceMappings?.find(({ FunctionArn = '' }) => FunctionArn.includes(`:${FunctionName}`))
  if (mapping === undefined)
    return [
      problem(
        `nothing reads the queue: every run stays queued`,
        `aws lambda create-event-source-mapping --function-name ${FunctionName} --event-source-arn ${queueArn} --batch-size 5 --function-response-types ReportBatchItemFailures --scaling-config MaximumConcurrency=2`,
      ),
    ]
  return mappingFaults(mapping)
}

/** Fargate takes 20 RunTask calls a second. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html */
const runTaskPerSecond = 20

export function mappingFaults(mapping: EventSourceMappingConfiguration): Finding[] {
  const { UUID, State = '', StateTransitionReason, FunctionResponseTypes = [], ScalingConfig, BatchSize = 10 } = mapping
  const update = `aws lambda update-event-source-mapping --uuid ${UUID}`
  const findings: Finding[] = []
  if (!/^(Enabled|Enabling|Creating|Updating)$/.test(State))
    findings.push(
      problem(
        `start does not read the queue: the event source mapping is ${State}${StateTransitionReason === undefined ? '' : ` (${StateTransitionReason})`}, so every run stays queued`,
        `${update} --enabled`,
      ),
    )
  if (!FunctionResponseTypes.includes('ReportBatchItemFailures'))
    findings.push(
      problem(
        'one start that fails brings back the whole batch: the event source mapping does not report failures one by one',
        `${update} --function-response-types ReportBatchItemFailures`,
      ),
    )
  const atOnce = (ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY) * BatchSize
  if (atOnce > runTaskPerSecond)
    findings.push(
      warning(
        `a flood makes ${Number.isFinite(atOnce) ? `up to ${atOnce}` : 'any number of'} starts at once, and Fargate takes ${runTaskPerSecond} a second`,
        `${update} --batch-size 5 --scaling-config MaximumConcurrency=2`,
      ),
    )
  return findings
}
