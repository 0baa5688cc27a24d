/** doctor only reads, and docs/doctor.md lists the permissions that it needs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** SDK package → IAM prefix. */
const prefixes: Readonly<Record<string, string>> = {
  'cloudwatch-logs': 'logs',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  ecs: 'ecs',
  eventbridge: 'events',
  iam: 'iam',
  lambda: 'lambda',
  'secrets-manager': 'secretsmanager',
  sqs: 'sqs',
  sts: 'sts',
}

const source = readdirSync('src/doctor', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('src/doctor', name), 'utf8'))
  .join('\n')

/** The action of every imported command, for example `lambda:GetPolicy`. */
const actions = [...source.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
  ([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)].map(([, name]) => `${prefixes[client]}:${name}`),
)

it('calls no AWS action that writes', () => {
  expect(actions.length).toBeGreaterThan(20)
  expect(actions.filter((action) => !/:(Get|List|Describe|Filter|Simulate)/.test(action))).toEqual([])
})

it('calls exactly the actions that docs/doctor.md lists', () => {
  const listed = [...readFileSync('docs/doctor.md', 'utf8').matchAll(/"(\w+:\w+)"/g)].map(([, action]) => action)
  expect(listed.sort()).toEqual([...new Set(actions)].sort())
})
