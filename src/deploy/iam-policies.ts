/**
 * What each of the three functions may do: the one source for Terraform, CDK, the table in docs/security.md and the test that evaluates
 * it. Names of the account's own resources are placeholders, written `{Table}`, which whoever deploys fills in.
 */

import { parseReference } from '../core/aws/secrets.ts'
import { arnOf } from '../core/model/arn.ts'
import type { Config, TaskConfig } from '../core/model/config.ts'
import { pauseKey } from '../core/model/pause.ts'
import { readableByReceive } from '../core/model/run-record.ts'

export const placeholders = ['Partition', 'Region', 'Account', 'Table', 'Queue', 'Key', 'PassRoles'] as const
export type Placeholder = (typeof placeholders)[number]

export type FunctionName = 'receive' | 'start' | 'settle'

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Condition?: Conditions
}

export type Policies = Readonly<Record<FunctionName, readonly Statement[]>>

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Conditions,
): Statement[] =>
  Resource.length === 0
    ? []
    : [{ Sid, Effect: 'Allow', Action, Resource, ...(Condition !== undefined && { Condition }) }]

/** The table's items of one kind. "All values" alone would also hold of a request that names no key. */
const itemsLike = (key: string): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [key] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
})

export function policiesFor(config: Config): Policies {
  const sources = Object.values(config.sources)
  const tasks = Object.values(config.tasks)
  const own = tasks.filter(({ assumeRole }) => assumeRole === undefined)
  const assumed = unique(tasks.flatMap(({ assumeRole }) => assumeRole ?? []))
  const verifying = secretArns(sources.flatMap(({ secret }) => secret))
  const asking = secretArns(
    sources.flatMap(({ tokens, receiveTokens = [] }) => receiveTokens.flatMap((name) => tokens[name] ?? [])),
  )
  const speaking = secretArns(sources.flatMap(({ tokens }) => Object.values(tokens).flat()))
  return {
    receive: [
      ...allow('OpenRuns', ['dynamodb:PutItem'], ['{Table}'], itemsLike('run#*')),
      ...allow('ReadPauses', ['dynamodb:GetItem'], ['{Table}'], itemsLike(pauseKey)),
      // One token less in a bucket: only where there are any.
      ...allow(
        'TakeTokens',
        ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        sources.some(({ limits }) => limits !== undefined) ? ['{Table}'] : [],
        itemsLike('rate#*'),
      ),
      // A status page and a duplicate are answered without where the answer goes: that attribute cannot be asked for.
      ...allow('ReadRunsButNotWhereAnswersGo', ['dynamodb:GetItem'], ['{Table}'], {
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': readableByReceive },
        StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      }),
      ...allow('FindTheNewest', ['dynamodb:Query'], ['{Table}/index/recent']),
      ...allow('QueueStarts', ['sqs:SendMessage'], ['{Queue}']),
      ...allow('ReadSigningSecrets', ['secretsmanager:GetSecretValue'], ['{Key}', ...verifying]),
      // Only where a route depends on what the sender must be asked: which files change, who is in a team.
      ...allow('AskSenders', ['secretsmanager:GetSecretValue'], asking),
    ],
    start: [
      ...allow('ChangeRuns', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['{Table}']),
      ...allow(
        'TakeStarts',
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        ['{Queue}'],
      ),
      ...allow('PostponeStarts', ['sqs:SendMessage'], ['{Queue}']),
      // "Re-run all checks" reaches an App alone, and which runs it means is found out here.
      ...repeating(sources.some(({ options }) => options.appId !== undefined)),
      ...runStatements(own),
      ...allow('StopWhatIsCancelled', ['ecs:StopTask'], clusterArns(own).map(tasksOn)),
      ...allow('AssumeRolesOfOtherAccounts', ['sts:AssumeRole'], assumed),
      ...allow('ReadReplyTokens', ['secretsmanager:GetSecretValue'], ['{Key}', ...speaking]),
    ],
    settle: [
      ...allow('ChangeRuns', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['{Table}']),
      // Where Spot takes its capacity back, a run is run again: a row of its own.
      ...repeating(config.routes.some(({ onSpotInterruption }) => onSpotInterruption === 'rerun')),
      ...allow('FindWhatStandsStill', ['dynamodb:Query'], ['{Table}/index/open']),
      ...allow('QueueStarts', ['sqs:SendMessage'], ['{Queue}']),
      ...allow('LookAfterTasks', lookingAfter, clusterArns(own).map(tasksOn)),
      ...allow('AssumeRolesOfOtherAccounts', ['sts:AssumeRole'], assumed),
      ...allow('ReadReplyTokens', ['secretsmanager:GetSecretValue'], ['{Key}', ...speaking]),
    ],
  }
}

/**
 * What each role that is assumed in another account needs there, by its ARN: `start` and `settle` share it. Whoever makes the role
 * fills in {PassRoles}.
 */
export function assumedPolicies(config: Config): Readonly<Record<string, readonly Statement[]>> {
  const tasks = Object.values(config.tasks)
  const roles = unique(tasks.flatMap(({ assumeRole }) => assumeRole ?? []))
  return Object.fromEntries(
    roles.map((role) => {
      const its = tasks.filter(({ assumeRole }) => assumeRole === role)
      return [role, [...runStatements(its), ...allow('LookAfterTasks', lookingAfter, clusterArns(its).map(tasksOn))]]
    }),
  )
}

/** A run once more is a row of its own. */
const repeating = (wanted: boolean): Statement[] =>
  allow('RepeatRuns', ['dynamodb:PutItem'], wanted ? ['{Table}'] : [], itemsLike('run#*'))

const lookingAfter = ['ecs:DescribeTasks', 'ecs:StopTask']

/** A task definition on its cluster, and on no other: one statement for each cluster. */
function runStatements(tasks: readonly TaskConfig[]): Statement[] {
  const clusters = clusterArns(tasks)
  return [
    ...clusters.flatMap((cluster, at) => {
      const definitions = tasks.filter((task) => clusterArn(task) === cluster).map(taskDefinitionArn)
      return allow(`RunTasks${at}`, ['ecs:RunTask'], unique(definitions), { ArnEquals: { 'ecs:cluster': cluster } })
    }),
    ...allow('TagWhatItRuns', ['ecs:TagResource'], clusters.map(tasksOn), {
      StringEquals: { 'ecs:CreateAction': 'RunTask' },
    }),
    // The one action that knows no resource: which container a task has, and where its log is. Without it there are no links to logs.
    ...(tasks.length > 0 ? allow('FindContainerAndLog', ['ecs:DescribeTaskDefinition'], ['*']) : []),
    ...(tasks.length === 0
      ? []
      : allow('PassTheTasksRoles', ['iam:PassRole'], ['{PassRoles}'], {
          StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
        })),
  ]
}

const unique = (values: readonly string[]): string[] => [...new Set(values)]
const arn = (service: string, resource: string): string => `arn:{Partition}:${service}:{Region}:{Account}:${resource}`

/** As the config has it, or with the deployment's own account and region. */
const clusterArn = ({ cluster }: TaskConfig): string =>
  arnOf(cluster) === undefined ? arn('ecs', `cluster/${cluster}`) : cluster
export const clusterArns = (tasks: readonly TaskConfig[]): string[] => unique(tasks.map(clusterArn))
const tasksOn = (cluster: string): string => `${cluster.replace(':cluster/', ':task/')}/*`

/** Accounts whose roles are assumed: their events must be let in. */
export const otherAccounts = (config: Config): string[] =>
  unique(Object.values(config.tasks).flatMap(({ assumeRole = '' }) => arnOf(assumeRole)?.account ?? []))

/** Beside its cluster. A family means its newest revision, whichever that is by then. */
function taskDefinitionArn(task: TaskConfig): string {
  const { taskDefinition } = task
  if (arnOf(taskDefinition) !== undefined) return taskDefinition
  const revision = taskDefinition.includes(':') ? taskDefinition : `${taskDefinition}:*`
  return clusterArn(task).replace(/:cluster\/.*$/, `:task-definition/${revision}`)
}

/** Secrets Manager adds six random characters to a name to make its ARN. */
const secretArns = (references: readonly string[]): string[] =>
  unique(
    references.flatMap((text) => {
      const reference = parseReference(text)
      if (reference?.kind !== 'secretsmanager') return []
      return [reference.id.startsWith('arn:') ? reference.id : arn('secretsmanager', `secret:${reference.id}-??????`)]
    }),
  )
