/** Evaluates the policies of the three functions and of assumed roles: what they allow, and what they deny. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { SourceConfig } from '../../src/core/adapter.ts'
import { readableByReceive } from '../../src/core/store/run-item.ts'
import { assumedRolePolicies } from '../../src/deploy/assumed-role-policies.ts'
import { type FunctionName, type Policies, policiesFor } from '../../src/deploy/function-policies.ts'
import { policyTable } from '../../src/deploy/policy-table.ts'
import type { Statement } from '../../src/deploy/statement.ts'
import { type AccessRequest, isAllowed } from '../support/iam.ts'

const config = compileConfig(readFileSync('examples/existing-cluster/taskhook.yaml', 'utf8'), builtinSpecs)
const policies = policiesFor(config)

const values: Record<string, string> = {
  Partition: 'aws',
  Region: 'eu-west-1',
  Account: '111122223333',
  Table: 'arn:aws:dynamodb:eu-west-1:111122223333:table/taskhook-ledger',
  Queue: 'arn:aws:sqs:eu-west-1:111122223333:taskhook-starts',
  Key: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:taskhook/key-AbCdEf',
  PassRoles: 'arn:aws:iam::111122223333:role/analyze-task',
}
/** With the placeholders filled in, as a deployment does. */
const fill = (made: Policies) =>
  JSON.parse(
    JSON.stringify(made).replace(/\{([A-Z][A-Za-z]+)\}/g, (_, name: string) => values[name] ?? 'unknown-placeholder'),
  ) as Record<FunctionName, Statement[]>
const filled = fill(policies)

const ecs = (resource: string, account = '111122223333') => `arn:aws:ecs:eu-west-1:${account}:${resource}`
const cluster = ecs('cluster/analytics')
const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`
const run: AccessRequest = {
  action: 'ecs:RunTask',
  resource: ecs('task-definition/analyze:7'),
  context: { 'ecs:cluster': cluster },
}
const stop: AccessRequest = { action: 'ecs:StopTask', resource: ecs('task/analytics/0123456789abcdef') }
const { Table: table = '', Queue: queue = '', Key: key = '', PassRoles: taskRole = '' } = values
const pass = (role: string, service = 'ecs-tasks.amazonaws.com'): AccessRequest => ({
  action: 'iam:PassRole',
  resource: role,
  context: { 'iam:PassedToService': service },
})
const item = (action: string, key: string, select?: string): AccessRequest => ({
  action: `dynamodb:${action}`,
  resource: table,
  context: { 'dynamodb:LeadingKeys': [key], ...(select !== undefined && { 'dynamodb:Select': select }) },
})
const read = (attributes: readonly string[]): AccessRequest => ({
  action: 'dynamodb:GetItem',
  resource: table,
  context: {
    'dynamodb:LeadingKeys': ['run#0123456789abcdef0123'],
    'dynamodb:Attributes': attributes,
    'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
  },
})

const requests: readonly [string, AccessRequest, readonly FunctionName[]][] = [
  ['run a named task definition on its cluster', run, ['start']],
  ['run it on another cluster', { ...run, context: { 'ecs:cluster': ecs('cluster/production') } }, []],
  ['run another task definition', { ...run, resource: ecs('task-definition/admin:1') }, []],
  ["run another account's task definition", { ...run, resource: ecs('task-definition/analyze:7', '999999999999') }, []],
  ['run without naming a cluster', { action: run.action, resource: run.resource }, []],
  [
    'tag a task while running it',
    { action: 'ecs:TagResource', resource: stop.resource, context: { 'ecs:CreateAction': 'RunTask' } },
    ['start'],
  ],
  ['tag anything else', { action: 'ecs:TagResource', resource: stop.resource }, []],
  ['stop a task of a named cluster', stop, ['start', 'settle']],
  ['list the newest runs', { action: 'dynamodb:Query', resource: `${table}/index/recent` }, ['receive']],
  ['stop a task of another cluster', { ...stop, resource: ecs('task/production/0123456789abcdef') }, []],
  ['describe a task of a named cluster', { ...stop, action: 'ecs:DescribeTasks' }, ['settle']],
  ["pass the tasks' role to ECS", pass(taskRole), ['start']],
  ["pass the tasks' role to Lambda", pass(taskRole, 'lambda.amazonaws.com'), []],
  ['pass another role', pass('arn:aws:iam::111122223333:role/Admin'), []],
  ['create a run', item('PutItem', 'run#0123456789abcdef0123'), ['receive']],
  ['put an item without a key', { action: 'dynamodb:PutItem', resource: table }, []],
  ['put another kind of item', item('PutItem', 'group#0123456789abcdef'), []],
  ['read the pauses', item('GetItem', 'pause', 'ALL_ATTRIBUTES'), ['receive', 'start', 'settle']],
  [
    'read all attributes of a run by its key',
    item('GetItem', 'run#0123456789abcdef0123', 'ALL_ATTRIBUTES'),
    ['start', 'settle'],
  ],
  ['write a pause', item('UpdateItem', 'pause'), ['start', 'settle']],
  ['update a run', item('UpdateItem', 'run#0123456789abcdef0123'), ['start', 'settle']],
  ['update a rate limit if no source has limits', item('UpdateItem', 'rate#slack'), ['start', 'settle']],
  ['delete a run', { action: 'dynamodb:DeleteItem', resource: table }, []],
  ["read the attributes of a run's status", read(readableByReceive), ['receive', 'start', 'settle']],
  ['read the reply address of a run', read(['pk', 'replyAddress']), ['start', 'settle']],
  [
    'read all attributes of a run',
    { action: 'dynamodb:GetItem', resource: table, context: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } },
    ['start', 'settle'],
  ],
  ['scan the ledger', { action: 'dynamodb:Scan', resource: table }, []],
  ['find open runs', { action: 'dynamodb:Query', resource: `${table}/index/open` }, ['settle']],
  ['send a message to the queue', { action: 'sqs:SendMessage', resource: queue }, ['receive', 'start', 'settle']],
  ['receive a message from the queue', { action: 'sqs:ReceiveMessage', resource: queue }, ['start']],
  ['purge the queue', { action: 'sqs:PurgeQueue', resource: queue }, []],
  [
    'read the key of status URLs',
    { action: 'secretsmanager:GetSecretValue', resource: key },
    ['receive', 'start', 'settle'],
  ],
  [
    'read a signing secret',
    { action: 'secretsmanager:GetSecretValue', resource: secret('taskhook/slack-AbCdEf') },
    ['receive'],
  ],
  [
    'read a reply token',
    { action: 'secretsmanager:GetSecretValue', resource: secret('taskhook/github-token-AbCdEf') },
    ['start', 'settle'],
  ],
  [
    'read a secret that the config does not name',
    { action: 'secretsmanager:GetSecretValue', resource: secret('production/database-AbCdEf') },
    [],
  ],
  ['write a secret', { action: 'secretsmanager:PutSecretValue', resource: key }, []],
  [
    'invoke a function',
    { action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:eu-west-1:111122223333:function:taskhook-start' },
    [],
  ],
]

describe('which functions may', () => {
  it.each(requests)('%s', (_name, request, allowed) => {
    const names = ['receive', 'start', 'settle'] as const
    expect(names.filter((name) => isAllowed(filled[name], request))).toEqual(allowed)
  })
})

describe('if a source has limits', () => {
  const limited = structuredClone(config) as { sources: Record<string, { limits?: object }> }
  Object.assign(limited.sources.slack ?? {}, { limits: { perActor: { count: 1, per: 'm', burst: 1 } } })
  const { receive } = JSON.parse(
    JSON.stringify(policiesFor(limited as typeof config)).replaceAll('{Table}', table),
  ) as Record<FunctionName, Statement[]>

  it('receive may update rate limits and no other item', () => {
    const may = (action: string, key: string) => isAllowed(receive, item(action, key))
    expect([may('GetItem', 'rate#slack'), may('UpdateItem', 'rate#slack#0123')]).toEqual([true, true])
    expect([may('UpdateItem', 'run#0123456789abcdef0123'), may('UpdateItem', 'group#01')]).toEqual([false, false])
    expect([may('PutItem', 'rate#slack'), may('DeleteItem', 'rate#slack')]).toEqual([false, false])
  })
})

it('allows start to create runs only for a GitHub App, and settle only to rerun after Spot', () => {
  const opens = (made: Policies, name: FunctionName) =>
    isAllowed(fill(made)[name], item('PutItem', 'run#0123456789abcdef0123'))
  expect([opens(policies, 'start'), opens(policies, 'settle')]).toEqual([false, false])
  const { sources, routes } = config
  const [first = '', github] = Object.entries(sources).find(([, { adapter }]) => adapter === 'github') ?? []
  const asApp = { ...github, options: { ...github?.options, appId: 1 } } as SourceConfig
  const app = policiesFor({ ...config, sources: { ...sources, [first]: asApp } })
  expect([opens(app, 'start'), opens(app, 'settle')]).toEqual([true, false])
  const spot = policiesFor({ ...config, routes: routes.map((route) => ({ ...route, onSpotInterruption: 'rerun' })) })
  expect([opens(spot, 'start'), opens(spot, 'settle')]).toEqual([false, true])
  expect(isAllowed(fill(spot).settle, item('PutItem', 'pause'))).toBe(false)
})

it('uses only placeholders that a deployment fills in', () => {
  expect(JSON.stringify(filled)).not.toContain('unknown-placeholder')
})

it('limits every statement to a resource, except for an action that supports none', () => {
  const open = Object.values(policies)
    .flat()
    .filter(({ Resource }) => Resource.includes('*'))
  expect(open.map(({ Action }) => Action)).toEqual([['ecs:DescribeTaskDefinition']])
})

it('gives each statement a Sid that IAM accepts: letters and digits, unique in its policy', () => {
  for (const statements of Object.values(policies)) {
    const sids = statements.map(({ Sid }) => Sid)
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([])
    expect(sids).toEqual([...new Set(sids)])
  }
})

it('docs/security.md contains the table of the policies', () => {
  expect(readFileSync('docs/security.md', 'utf8')).toContain(policyTable(policies))
})

describe('tasks of another account', () => {
  const otherAccountConfig = compileConfig(
    readFileSync('test/fixtures/configs/two-accounts.yaml', 'utf8'),
    builtinSpecs,
  )
  const role = 'arn:aws:iam::222222222222:role/taskhook/run'
  const there = (resource: string, account = '222222222222') => `arn:aws:ecs:eu-central-1:${account}:${resource}`
  const runThere: AccessRequest = {
    action: 'ecs:RunTask',
    resource: there('task-definition/train:3'),
    context: { 'ecs:cluster': there('cluster/training') },
  }
  const assume: AccessRequest = { action: 'sts:AssumeRole', resource: role }
  const { receive, start, settle } = policiesFor(otherAccountConfig)
  const assumed = assumedRolePolicies(otherAccountConfig)

  it('are run by an assumed role: start and settle may assume that role and no other', () => {
    expect([receive, start, settle].map((statements) => isAllowed(statements, assume))).toEqual([false, true, true])
    expect(isAllowed(start, { ...assume, resource: 'arn:aws:iam::222222222222:role/Admin' })).toBe(false)
    expect(isAllowed(start, runThere)).toBe(false)
  })
  it('give that role the permissions that start and settle have in their own account, and no more', () => {
    expect(Object.keys(assumed)).toEqual([role])
    const statements = assumed[role] ?? []
    expect(isAllowed(statements, runThere)).toBe(true)
    expect(isAllowed(statements, { ...runThere, resource: there('task-definition/admin:1') })).toBe(false)
    expect(isAllowed(statements, { ...runThere, context: { 'ecs:cluster': there('cluster/production') } })).toBe(false)
    expect(isAllowed(statements, { action: 'ecs:StopTask', resource: there('task/training/0123') })).toBe(true)
    expect(isAllowed(statements, { action: 'ecs:StopTask', resource: there('task/production/0123') })).toBe(false)
  })
  it('in another region of the same account are named with that region', () => {
    const elsewhere = 'arn:aws:ecs:us-east-1:111122223333'
    const runElsewhere: AccessRequest = {
      action: 'ecs:RunTask',
      resource: `${elsewhere}:task-definition/report:1`,
      context: { 'ecs:cluster': `${elsewhere}:cluster/reports` },
    }
    expect(isAllowed(start, runElsewhere)).toBe(true)
    expect(isAllowed(settle, { action: 'ecs:DescribeTasks', resource: `${elsewhere}:task/reports/0123` })).toBe(true)
  })
})
