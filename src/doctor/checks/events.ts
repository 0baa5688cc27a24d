/** What tells `settle` how tasks go: the rule of ECS events, the sweep’s schedule, and the events of other accounts. */
import {
  DescribeEventBusCommand,
  DescribeRuleCommand,
  type DescribeRuleCommandOutput,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge'
import { GetPolicyCommand } from '@aws-sdk/client-lambda'
import { arnOf } from '../../core/model/arn.ts'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import { clusterArns, otherAccounts } from '../../deploy/resource-arns.ts'
import { ask } from '../clients.ts'
import type { Check, DoctorContext } from '../context.ts'
import { type Document, trusts } from '../iam-policy.ts'

export const events: Check = {
  about: 'events',
  async look(examined) {
    const { aws, functions } = examined
    const TargetArn = functions.settle?.FunctionArn
    if (TargetArn === undefined) return []
    const names = await ask(aws.events.send(new ListRuleNamesByTargetCommand({ TargetArn })))
    const rules = await Promise.all(
      (names?.RuleNames ?? []).map((Name) => ask(aws.events.send(new DescribeRuleCommand({ Name })))),
    )
    const findings = [
      ...ruleFaults(
        rules.filter((rule) => rule !== undefined),
        wantedClusters(examined),
      ),
      ...(await invocation(examined)),
      ...(await bus(examined)),
    ]
    return findings.length > 0 ? findings : [ok('ECS events and the sweep reach settle')]
  },
}

const wantedClusters = ({ config, partition, region, account }: DoctorContext): string[] =>
  clusterArns(Object.values(config.tasks)).map((arn) =>
    arn.replace('{Partition}', partition).replace('{Region}', region).replace('{Account}', account),
  )

interface Pattern {
  readonly source?: readonly string[]
  readonly detail?: { readonly clusterArn?: readonly unknown[] }
}

/** Pure. */
export function ruleFaults(rules: readonly DescribeRuleCommandOutput[], clusters: readonly string[]): Finding[] {
  const patternOf = ({ EventPattern }: DescribeRuleCommandOutput) => JSON.parse(EventPattern ?? '{}') as Pattern
  const ecs = rules.filter((rule) => patternOf(rule).source?.includes('aws.ecs'))
  const sweeps = rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined)
  const findings: Finding[] = []
  if (ecs.length === 0)
    findings.push(
      problem(
        'no rule sends ECS task events to settle: runs stay "running" until the sweep looks',
        'deploy again; docs/deploy.md says what is made',
      ),
    )
  if (sweeps.length === 0)
    findings.push(
      problem('no schedule wakes the sweep: what stands still stays so, and no timeout is kept', 'deploy again'),
    )
  for (const { Name, State } of [...ecs, ...sweeps])
    if (State !== 'ENABLED')
      findings.push(problem(`the rule ${Name} is ${State?.toLowerCase()}`, `aws events enable-rule --name ${Name}`))
  const heard = ecs.map((rule) => patternOf(rule).detail?.clusterArn)
  for (const cluster of ecs.length === 0 ? [] : clusters)
    if (!heard.some((list) => list === undefined || (Array.isArray(list) && list.includes(cluster))))
      findings.push(
        problem(
          `events of the cluster ${cluster} reach nobody: no rule names it`,
          'taskhook build, and deploy again, so that the rule has the clusters of the config',
        ),
      )
  return findings
}

async function invocation({ aws, name }: DoctorContext): Promise<Finding[]> {
  const FunctionName = `${name}-settle`
  const policy = await ask(aws.lambda.send(new GetPolicyCommand({ FunctionName })))
  if (trusts(JSON.parse(policy?.Policy ?? '{}') as Document, 'events.amazonaws.com')) return []
  return [
    problem(
      'EventBridge may not invoke settle',
      `aws lambda add-permission --function-name ${FunctionName} --statement-id Events --principal events.amazonaws.com --action lambda:InvokeFunction --source-arn RULE_ARN`,
    ),
  ]
}

async function bus(examined: DoctorContext): Promise<Finding[]> {
  const others = otherAccounts(examined.config).filter((account) => account !== examined.account)
  if (others.length === 0) return []
  const answer = await ask(examined.aws.events.send(new DescribeEventBusCommand({})))
  const policy = answer?.Policy ?? ''
  return others
    .filter((account) => !policy.includes(account))
    .map((account) =>
      problem(
        `the event bus does not let in the events of account ${account}`,
        `aws events put-permission --statement-id taskhook-${account} --action events:PutEvents --principal ${account}`,
      ),
    )
}

/** For messages: the last part of an ARN. */
export const shortOf = (arn: string): string => arnOf(arn)?.resource.split('/').at(-1) ?? arn
