/** What invokes `settle`: the rule for ECS events, the schedule of the sweep, and the events of other accounts. */
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  type DescribeRuleCommandOutput,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge'
import { GetPolicyCommand } from '@aws-sdk/client-lambda'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import { clusterArns, otherAccounts } from '../../deploy/resource-arns.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { allowsService, type PolicyDocument } from '../account/policy-document.ts'
import type { Check } from './check.ts'

export const events: Check = {
  about: 'events',
  async run(context) {
    const { aws, functions } = context
    const TargetArn = functions.settle?.FunctionArn
    if (TargetArn === undefined) return []
    const names = await getIfExists(aws.events.send(new ListRuleNamesByTargetCommand({ TargetArn })))
    const rules = await Promise.all(
      (names?.RuleNames ?? []).map((Name) => getIfExists(aws.events.send(new DescribeRuleCommand({ Name })))),
    )
    const existing = rules.filter((rule) => rule !== undefined)
    const findings = [
      ...ruleFaults(existing, clustersOf(context)),
      ...(await invokePermissionFaults(context)),
      ...(await eventBusFaults(context)),
    ]
    return findings.length > 0 ? findings : [ok('ECS events and the sweep reach settle')]
  },
}

const clustersOf = ({ config, partition, region, account }: DoctorContext): string[] =>
  clusterArns(Object.values(config.tasks)).map((arn) =>
    arn.replace('{Partition}', partition).replace('{Region}', region).replace('{Account}', account),
  )

interface EventPattern {
  readonly source?: readonly string[]
  readonly detail?: { readonly clusterArn?: readonly unknown[] }
}

const patternOf = ({ EventPattern }: DescribeRuleCommandOutput) => JSON.parse(EventPattern ?? '{}') as EventPattern

/** Pure. */
export function ruleFaults(rules: readonly DescribeRuleCommandOutput[], clusters: readonly string[]): Finding[] {
  const ecsRules = rules.filter((rule) => patternOf(rule).source?.includes('aws.ecs'))
  const schedules = rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined)
  const findings: Finding[] = []
  if (ecsRules.length === 0)
    findings.push(
      problem('no rule sends ECS events to settle: runs stay "running" until the sweep checks them', 'deploy again'),
    )
  if (schedules.length === 0)
    findings.push(
      problem(
        'no schedule runs the sweep: stuck runs are not recovered, and timeouts are not enforced',
        'deploy again',
      ),
    )
  for (const { Name, State } of [...ecsRules, ...schedules])
    if (State !== 'ENABLED')
      findings.push(problem(`the rule ${Name} is ${State?.toLowerCase()}`, `aws events enable-rule --name ${Name}`))
  return [...findings, ...clusterFaults(ecsRules, clusters)]
}

function clusterFaults(ecsRules: readonly DescribeRuleCommandOutput[], clusters: readonly string[]): Finding[] {
  if (ecsRules.length === 0) return []
  const lists = ecsRules.map((rule) => patternOf(rule).detail?.clusterArn)
  const isCovered = (cluster: string): boolean =>
    lists.some((list) => list === undefined || (Array.isArray(list) && list.includes(cluster)))
  return clusters
    .filter((cluster) => !isCovered(cluster))
    .map((cluster) =>
      problem(
        `no rule sends events of the cluster ${cluster} to settle`,
        'run taskhook build, and deploy again, so that the rule names every cluster of the config',
      ),
    )
}

async function invokePermissionFaults({ aws, name }: DoctorContext): Promise<Finding[]> {
  const FunctionName = `${name}-settle`
  const policy = await getIfExists(aws.lambda.send(new GetPolicyCommand({ FunctionName })))
  if (allowsService(JSON.parse(policy?.Policy ?? '{}') as PolicyDocument, 'events.amazonaws.com')) return []
  return [
    problem(
      'EventBridge may not invoke settle',
      `aws lambda add-permission --function-name ${FunctionName} --statement-id Events --principal events.amazonaws.com --action lambda:InvokeFunction --source-arn RULE_ARN`,
    ),
  ]
}

async function eventBusFaults({ aws, config, account }: DoctorContext): Promise<Finding[]> {
  const others = otherAccounts(config).filter((other) => other !== account)
  if (others.length === 0) return []
  const answer = await getIfExists(aws.events.send(new DescribeEventBusCommand({})))
  const policy = answer?.Policy ?? ''
  return others
    .filter((other) => !policy.includes(other))
    .map((other) =>
      problem(
        `the event bus does not accept events from account ${other}`,
        `aws events put-permission --statement-id taskhook-${other} --action events:PutEvents --principal ${other}`,
      ),
    )
}
