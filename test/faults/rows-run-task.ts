/** Calls of RunTask that are throttled, lost or refused. */
import type { Fault as Injected } from '../../src/local/faults/fault-kinds.ts'
import type { TaskName } from './config.ts'
import type { Chapter, Fault } from './fault.ts'
import { playRun } from './play-run.ts'

const capacity = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'
const fine = ['starting', 'running', 'succeeded in …']
/** The SDK makes three calls of one that fails with a transient error. */
const sdk = 3

type Row = Omit<Fault, 'play'> & {
  readonly inject: Injected | readonly Injected[]
  readonly times?: number
  readonly task?: TaskName
}

const row = ({ inject, times = 1, task, ...fault }: Row): Fault => ({
  ...fault,
  play: (on) =>
    playRun(on, {
      ...(task !== undefined && { task }),
      before: () => {
        for (const each of [inject].flat()) on.faults.inject(each, times)
      },
    }),
})

const error = (type: string, message: string, status = 400): Injected => ({ kind: 'error', type, message, status })
const failure = (reason: string): Injected => ({ kind: 'failure', reason })

const never = (name: string, type: string, message: string, says: string, is: string): Fault =>
  row({
    ...{ name, inject: error(type, message), sender: [`could not be started: ${says}`] },
    ...{
      operator: `"refused":"${is}"`,
      retried: 'no: a person must change something',
      end: 'failed-to-start',
      tasks: 0,
    },
  })

export const throttledOrLost: Chapter = {
  title: 'RunTask: throttled, or no answer',
  about:
    'The same call is repeated with the same client token, after 5 s, doubled up to a minute. Failures that last only seconds are not reported. A call whose answer was lost may have started the task; the token finds it.',
  faults: [
    row({
      ...{ name: 'ThrottlingException, once', inject: error('ThrottlingException', 'Rate exceeded') },
      ...{ sender: fine, operator: '"class":"started"', retried: 'by the SDK, at once', end: 'succeeded', starts: 2 },
    }),
    row({
      ...{ name: 'ThrottlingException, repeatedly', inject: error('ThrottlingException', 'Rate exceeded'), times: sdk },
      ...{ sender: fine, operator: '"refused":"throttled"', end: 'succeeded', starts: sdk + 1 },
      retried: 'after 5 s, same token',
    }),
    row({
      name: 'Throttling inside an InvalidParameterException',
      ...{ inject: error('InvalidParameterException', 'Rate exceeded'), sender: fine, end: 'succeeded', starts: 2 },
      ...{ operator: '"refused":"throttled"', retried: 'after 5 s, same token' },
    }),
    row({
      ...{ name: 'ServerException, 500', inject: error('ServerException', 'Internal', 500), times: sdk, sender: fine },
      ...{ operator: '"refused":"server-error"', retried: 'after 5 s, same token', end: 'succeeded', starts: sdk + 1 },
    }),
    row({
      ...{
        name: '503 from a proxy in front of ECS',
        inject: error('ServiceUnavailable', 'Slow', 503),
        times: sdk,
        sender: fine,
      },
      ...{ operator: '"refused":"server-error"', retried: 'after 5 s, same token', end: 'succeeded', starts: sdk + 1 },
    }),
    row({
      name: 'The task is started, and the connection breaks before the answer',
      ...{ inject: { kind: 'lost' }, sender: fine, operator: '"class":"started"', end: 'succeeded', starts: 2 },
      retried: 'by the SDK, same token: one task',
    }),
    row({
      name: 'The same, three times',
      ...{ inject: { kind: 'lost' }, times: sdk, sender: fine, operator: '"refused":"lost"', end: 'succeeded' },
      retried: 'an event of the task decides, or after 5 s, same token: one task',
      starts: 'any',
    }),
    row({
      name: 'The task is started, the connection breaks, and the SDK’s second try is refused',
      inject: [{ kind: 'lost' }, error('AccessDeniedException', 'not authorized: ecs:RunTask')],
      sender: ['queued, to be tried again: taskhook is not allowed to start it; its operator must allow it', ...fine],
      ...{ operator: '"refused":"access-denied"', end: 'succeeded', starts: 'any' },
      retried: 'an event of the task decides, or after a minute, same token: one task',
    }),
    row({
      name: 'The same, and the second try is refused for lack of capacity, as an error',
      ...{ task: 'roomy', inject: [{ kind: 'lost' }, error('ClientException', capacity)] },
      sender: ['queued, to be tried again: no capacity', ...fine],
      ...{ operator: '"refused":"capacity"', end: 'succeeded', starts: 'any' },
      retried: 'an event of the task decides, or after a minute, same place and token: one task',
    }),
    row({
      name: 'The same, and the second try is refused with an unknown message',
      inject: [{ kind: 'lost' }, error('WeirdException', 'what?')],
      sender: ['queued, to be tried again: ECS refused it for an unknown reason; the log of taskhook has it', ...fine],
      ...{ operator: '"refused":"unknown"', end: 'succeeded', starts: 'any' },
      retried: 'an event of the task decides, or after a minute, same token: one task',
    }),
    row({
      name: 'The connection breaks before the request reaches ECS',
      ...{ inject: { kind: 'dropped' }, times: sdk, sender: fine, operator: '"refused":"lost"', end: 'succeeded' },
      ...{ retried: 'after 5 s, same token', starts: sdk + 1 },
    }),
    row({
      name: 'The task is started, and only half of the answer arrives, with 200',
      ...{ inject: { kind: 'garbled', how: 'half' }, times: sdk, sender: fine, operator: '"refused":"lost"' },
      ...{ retried: 'an event of the task decides, or after 5 s, same token', end: 'succeeded', starts: 'any' },
    }),
    row({
      name: 'No answer within five seconds',
      ...{ inject: { kind: 'delay', ms: 60_000 }, sender: fine, operator: '"exitCode":0', end: 'succeeded' },
      ...{ retried: 'by the SDK, same token: one task', starts: 2 },
    }),
    row({
      name: 'The answer is slow',
      ...{ inject: { kind: 'delay', ms: 400 }, sender: fine, operator: '"class":"started"', end: 'succeeded' },
      retried: 'no',
    }),
    row({
      name: 'Expired credentials',
      ...{ inject: error('ExpiredTokenException', 'The security token is expired'), sender: fine, end: 'succeeded' },
      ...{ operator: '"refused":"credentials-expired"', retried: 'after 5 s', starts: 2 },
    }),
  ],
}

export const noCapacityHere: Chapter = {
  title: 'RunTask: no capacity in this place',
  about:
    'The next place is tried at once, with its own token: each capacity in all subnets, then in each subnet alone. If every place refuses, `start` tries again later: after a minute, doubled up to 15 minutes, for an hour or for the task’s `startWithin`.',
  faults: [
    row({
      ...{ name: 'No capacity in all subnets together', task: 'roomy', inject: failure(capacity) },
      sender: [
        'starting, on Spot in subnet-a: no Spot capacity in 2 subnets',
        'running, on Spot in subnet-a: no Spot capacity in 2 subnets',
        'succeeded in …',
      ],
      ...{ operator: '"refused":"capacity"', retried: 'in the first subnet', end: 'succeeded', starts: 2, tokens: 2 },
    }),
    row({
      ...{ name: 'No Spot capacity at all', task: 'roomy', inject: failure(capacity), times: 3 },
      sender: [
        'starting, on demand: no Spot capacity in 2 subnets',
        'running, on demand: no Spot capacity in 2 subnets',
        'succeeded in …',
      ],
      ...{ operator: '"class":"elsewhere"', retried: 'on demand', end: 'succeeded', starts: 4, tokens: 4 },
    }),
    row({
      ...{ name: 'The same as an exception', task: 'roomy', inject: error('ClientException', capacity), times: 3 },
      sender: [
        'starting, on demand: no Spot capacity in 2 subnets',
        'running, on demand: no Spot capacity in 2 subnets',
        'succeeded in …',
      ],
      ...{ operator: '"refused":"capacity"', retried: 'on demand', end: 'succeeded', starts: 4, tokens: 4 },
    }),
    row({
      ...{ name: 'No capacity anywhere, for a minute', task: 'roomy', inject: failure(capacity), times: 6 },
      sender: [
        'queued, to be tried again: no Spot and on-demand capacity in 2 subnets',
        'starting',
        'running',
        'succeeded in …',
      ],
      ...{ operator: '"class":"later"', retried: 'after a minute', end: 'succeeded', starts: 7, tokens: 7 },
    }),
    row({
      ...{ name: 'No capacity anywhere, for hours', task: 'roomy', inject: failure(capacity), times: 600 },
      sender: [
        'queued, to be tried again: no Spot and on-demand capacity in 2 subnets',
        'could not be started: no Spot and on-demand capacity in 2 subnets',
      ],
      ...{ operator: '"status":"failed-to-start"', retried: 'for an hour', end: 'failed-to-start', tasks: 0 },
      ...{ starts: 'any', tokens: 'any' },
    }),
    row({
      ...{ name: 'The same, with startWithin: 10m', task: 'hurried', inject: failure(capacity), times: 600 },
      sender: [
        'queued, to be tried again: no on-demand capacity in 1 subnet',
        'could not be started: it was not started within 10 min: no capacity',
      ],
      ...{ operator: 'was not started within 10 min', retried: 'for ten minutes', end: 'failed-to-start', tasks: 0 },
      ...{ starts: 'any', tokens: 'any' },
    }),
    row({
      ...{ name: 'RESOURCE:ENI', task: 'roomy', inject: failure('RESOURCE:ENI'), times: 2, end: 'succeeded' },
      sender: [
        'starting, on Spot in subnet-b: no Spot capacity in 2 subnets',
        'running, on Spot in subnet-b: no Spot capacity in 2 subnets',
        'succeeded in …',
      ],
      ...{ operator: 'RESOURCE:ENI', retried: 'in the second subnet', starts: 3, tokens: 3 },
    }),
    row({
      ...{ name: 'AGENT: a container instance that does not respond', inject: failure('AGENT'), end: 'succeeded' },
      sender: ['queued, to be tried again: no container instance of the cluster responds', ...fine],
      ...{ operator: '"refused":"agent"', retried: 'after a minute', starts: 2, tokens: 2 },
    }),
    row({
      ...{
        name: 'ATTRIBUTE: no container instance fits',
        inject: failure('ATTRIBUTE'),
        end: 'failed-to-start',
        tasks: 0,
      },
      sender: ['could not be started: no container instance of the cluster fits'],
      ...{ operator: '"refused":"placement"', retried: 'in the next place, with the same result; then not again' },
    }),
    row({
      ...{ name: 'One of two subnets does not exist', task: 'roomy', end: 'succeeded', starts: 3, tokens: 3 },
      ...{ inject: error('InvalidParameterException', "The subnet ID 'subnet-a' does not exist"), times: 2 },
      sender: [
        'starting, on Spot in subnet-b: Spot was refused',
        'running, on Spot in subnet-b: Spot was refused',
        'succeeded in …',
      ],
      ...{ operator: '"refused":"subnet"', retried: 'in the second subnet' },
    }),
    row({
      ...{ name: 'The only subnet does not exist', end: 'failed-to-start', tasks: 0 },
      inject: error('InvalidParameterException', "The subnet ID 'subnet-a' does not exist"),
      sender: ["could not be started: the subnet cannot be used (The subnet ID 'subnet-a' does not exist)"],
      ...{ operator: '"refused":"subnet"', retried: 'no' },
    }),
    row({
      ...{
        name: 'A cluster without the Spot capacity provider',
        task: 'roomy',
        end: 'succeeded',
        times: 3,
        starts: 4,
        tokens: 4,
      },
      inject: error('InvalidParameterException', 'The specified capacity provider FARGATE_SPOT was not found.'),
      sender: ['starting, on demand: Spot was refused', 'running, on demand: Spot was refused', 'succeeded in …'],
      ...{ operator: '"refused":"capacity-provider"', retried: 'on demand' },
    }),
  ],
}

export const notAtThisTime: Chapter = {
  title: 'RunTask: not at this time',
  about:
    'The run goes back to the queue and is tried with a new token after a minute, doubled up to 15 minutes, for an hour or for `startWithin`.',
  faults: [
    row({
      name: 'The account’s vCPU quota is used up',
      inject: error('ClientException', "You've reached the limit on the number of vCPUs you can run concurrently"),
      sender: ['queued, to be tried again: the account has reached its quota', ...fine],
      ...{ operator: '"refused":"quota"', retried: 'after a minute', end: 'succeeded', starts: 2, tokens: 2 },
    }),
    row({
      name: 'The first task of an account: its service-linked role is being created',
      inject: error(
        'InvalidParameterException',
        'Unable to assume the service linked role. Please verify that it exists.',
      ),
      sender: ['queued, to be tried again: AWS is still setting up the account', ...fine],
      ...{
        operator: '"refused":"account-not-ready"',
        retried: 'after a minute',
        end: 'succeeded',
        starts: 2,
        tokens: 2,
      },
    }),
    row({
      name: 'An unknown error',
      inject: error('BrandNewException', 'The moon is full.'),
      sender: ['queued, to be tried again: ECS refused it for an unknown reason; the log of taskhook has it', ...fine],
      operator: 'ECS refused a start with a message that taskhook does not know: BrandNewException: The moon is full.',
      ...{ retried: 'after a minute; an error in the log', end: 'succeeded', starts: 2, tokens: 2 },
    }),
    row({
      name: 'An unknown reason in failures[]',
      inject: failure('MOON'),
      sender: ['queued, to be tried again: ECS refused it for an unknown reason; the log of taskhook has it', ...fine],
      operator: 'with a message that taskhook does not know: MOON',
      ...{ retried: 'after a minute; an error in the log', end: 'succeeded', starts: 2, tokens: 2 },
    }),
  ],
}

const use = 'the task definition cannot be used'
export const refusedForGood: Chapter = {
  title: 'RunTask: refused for good',
  about:
    'A person must change something. The sender sees what, without details of the account. The alarm is `starts-refused`.',
  faults: [
    never(
      ...['Access denied', 'AccessDeniedException', 'not authorized to perform: ecs:RunTask'],
      ...(['taskhook is not allowed to start it; its operator must allow it', 'access-denied'] as const),
    ),
    never(
      'The cluster does not exist',
      'ClusterNotFoundException',
      'Cluster not found.',
      'the cluster does not exist',
      'cluster',
    ),
    {
      ...{ name: 'The task definition does not exist', end: 'failed-to-start', tasks: 0, retried: 'no' },
      sender: [`could not be started: ${use} (TaskDefinition not found)`],
      operator: '"refused":"task-definition"',
      play: (on) => playRun(on, { task: 'ghost' }),
    },
    never('The account is blocked', 'BlockedException', 'blocked', 'AWS has blocked the account', 'account-blocked'),
    never(
      ...[
        'A combination of CPU and memory that Fargate does not have',
        'ClientException',
        'No Fargate configuration exists for given values.',
      ],
      ...(['ECS does not accept the request (No Fargate configuration exists for given values)', 'request'] as const),
    ),
    never(
      ...['A platform version that does not exist', 'PlatformUnknownException', 'The platform is unknown.'],
      ...(['the platform does not support it (The platform is unknown)', 'platform'] as const),
    ),
    {
      ...{
        name: 'ConflictException that names a task',
        end: 'succeeded',
        retried: 'no: that task is the run’s',
        starts: 2,
      },
      ...{ sender: fine, operator: '"class":"started"' },
      // The answer to the first call is lost, and the second call differs from it.
      play: (on) => {
        let taskArn: string | undefined
        return playRun(on, {
          before: () => {
            on.faults.inject({ kind: 'lost' }, 1)
            on.ecs.intercept(async ({ action, input }) => {
              if (action !== 'RunTask') return undefined
              taskArn ??= (await on.tasks(String(input.startedBy).replace('taskhook/', '')))[0]?.taskArn
              return taskArn === undefined
                ? undefined
                : { type: 'ConflictException', message: 'other parameters', resourceIds: [taskArn] }
            })
          },
        })
      },
    },
  ],
}
