/**
 * The policy of each function. It is the one source for Terraform, CDK, the table in docs/security.md, and the test that evaluates it.
 */
import type { Config } from '../core/model/config.ts'
import { pauseKey } from '../core/model/pause.ts'
import { readableByReceive } from '../core/store/run-item.ts'
import { secretArns, tasksOnClusters, unique } from './resource-arns.ts'
import { allow, itemsWithKey, type Statement } from './statement.ts'
import { describeAndStopStatements, runTaskStatements } from './task-statements.ts'

export type FunctionName = 'receive' | 'start' | 'settle'

export type Policies = Readonly<Record<FunctionName, readonly Statement[]>>

export const policiesFor = (config: Config): Policies => ({
  receive: receivePolicy(config),
  start: startPolicy(config),
  settle: settlePolicy(config),
})

function receivePolicy(config: Config): Statement[] {
  const sources = Object.values(config.sources)
  const signingSecrets = secretArns(sources.flatMap(({ secret }) => secret))
  const senderTokens = secretArns(
    sources.flatMap(({ tokens, receiveTokens = [] }) => receiveTokens.flatMap((name) => tokens[name] ?? [])),
  )
  const hasLimits = sources.some(({ limits }) => limits !== undefined)
  return [
    ...allow('CreateRuns', ['dynamodb:PutItem'], ['{Table}'], itemsWithKey('run#*')),
    ...allow('ReadPauses', ['dynamodb:GetItem'], ['{Table}'], itemsWithKey(pauseKey)),
    ...allow(
      'UpdateRateLimits',
      ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      hasLimits ? ['{Table}'] : [],
      itemsWithKey('rate#*'),
    ),
    // A status page and the answer to a duplicate do not need the reply address, so `receive` cannot read that attribute.
    ...allow('ReadRunsWithoutReplyAddress', ['dynamodb:GetItem'], ['{Table}'], {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': readableByReceive },
      StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    }),
    ...allow('ListRecentRuns', ['dynamodb:Query'], ['{Table}/index/recent']),
    ...allow('SendToQueue', ['sqs:SendMessage'], ['{Queue}']),
    ...allow('ReadSigningSecrets', ['secretsmanager:GetSecretValue'], ['{Key}', ...signingSecrets]),
    // Only if a route cannot match before the sender was asked, for example which files changed or who is in a team (ADR 12).
    ...allow('ReadSenderTokens', ['secretsmanager:GetSecretValue'], senderTokens),
  ]
}

function startPolicy(config: Config): Statement[] {
  const tasks = tasksInThisAccount(config)
  // GitHub sends "Re-run all checks" only to Apps, and `start` finds out which runs it means.
  const hasGitHubApp = Object.values(config.sources).some(({ options }) => options.appId !== undefined)
  return [
    ...readAndUpdateRuns,
    ...allow(
      'ReceiveFromQueue',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      ['{Queue}'],
    ),
    ...allow('SendToQueue', ['sqs:SendMessage'], ['{Queue}']),
    ...createReruns(hasGitHubApp),
    ...runTaskStatements(tasks),
    ...allow('StopCancelledTasks', ['ecs:StopTask'], tasksOnClusters(tasks)),
    ...assumeRoles(config),
    ...readReplyTokens(config),
  ]
}

function settlePolicy(config: Config): Statement[] {
  const rerunsAfterSpot = config.routes.some(({ onSpotInterruption }) => onSpotInterruption === 'rerun')
  return [
    ...readAndUpdateRuns,
    ...createReruns(rerunsAfterSpot),
    ...allow('FindOpenRuns', ['dynamodb:Query'], ['{Table}/index/open']),
    ...allow('SendToQueue', ['sqs:SendMessage'], ['{Queue}']),
    ...describeAndStopStatements(tasksInThisAccount(config)),
    ...assumeRoles(config),
    ...readReplyTokens(config),
  ]
}

const readAndUpdateRuns = allow('ReadAndUpdateRuns', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ['{Table}'])

/** A rerun is a new row. */
const createReruns = (wanted: boolean): Statement[] =>
  allow('CreateReruns', ['dynamodb:PutItem'], wanted ? ['{Table}'] : [], itemsWithKey('run#*'))

const assumeRoles = ({ tasks }: Config): Statement[] =>
  allow(
    'AssumeRolesInOtherAccounts',
    ['sts:AssumeRole'],
    unique(Object.values(tasks).flatMap(({ assumeRole }) => assumeRole ?? [])),
  )

const readReplyTokens = ({ sources }: Config): Statement[] =>
  allow(
    'ReadReplyTokens',
    ['secretsmanager:GetSecretValue'],
    ['{Key}', ...secretArns(Object.values(sources).flatMap(({ tokens }) => Object.values(tokens).flat()))],
  )

const tasksInThisAccount = ({ tasks }: Config) =>
  Object.values(tasks).filter(({ assumeRole }) => assumeRole === undefined)
