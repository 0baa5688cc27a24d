/** What taskhook answers: runs (the keys of `runBody` in core/http), lists and events of runs, ignored deliveries and problems. */
import { runStatuses } from '../core/model/run.ts'
import { type Schema, schemaRef } from './openapi-types.ts'
import { reportProperties } from './progress-schemas.ts'

const text = (description: string): Schema => ({ type: 'string', description })
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description })
const url = (description: string): Schema => ({ type: 'string', format: 'uri', description })

export const runId: Schema = { type: 'string', pattern: '^[0-9a-f]{20}$' }

const approval: Schema = {
  type: 'object',
  properties: {
    from: { type: 'array', items: { type: 'string' }, description: 'The approvers.' },
    until: time('When the run expires without an approval.'),
  },
  required: ['from', 'until'],
  description: 'The run waits for an approval.',
}

const run: Schema = {
  type: 'object',
  description: 'One execution of a task. Keys without a value yet are left out.',
  properties: {
    run: { ...runId, description: 'The id of the run. The same delivery always has the same run.' },
    task: text('The name of the task.'),
    status: {
      type: 'string',
      enum: [...runStatuses],
      description:
        'Final statuses, which never change, are succeeded, failed, cancelled, timed-out and failed-to-start.',
    },
    statusUrl: url(
      'The URL of this run, with its token. Anyone who has it can see the run, so keep it on your server.',
    ),
    params: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'The parameters of the run, including defaults. The value of a secret parameter is `(hidden)`.',
    },
    createdAt: time('When the delivery was accepted.'),
    exitCode: { type: 'integer', description: 'The exit code of the container. Missing if no container has exited.' },
    reason: text('Why the run has its status.'),
    startedAt: time('When the container started.'),
    stoppedAt: time('When the container stopped.'),
    taskArn: text('The ARN of the ECS task.'),
    rerunOf: { ...runId, description: 'The run that this run repeats.' },
    placed: text('Where the task was started, and why, if not in the first place of the config.'),
    logUrl: url('The log of the container in CloudWatch, for people who can sign in to AWS.'),
    approval,
    approvedBy: text('The person who approved the run.'),
    progress: {
      type: 'object',
      properties: { percent: reportProperties.percent, message: reportProperties.message },
      description: 'The last progress that the container reported.',
    },
    outputs: reportProperties.outputs,
    links: reportProperties.links,
  },
  required: ['run', 'task', 'status', 'statusUrl', 'params', 'createdAt'],
}

const runs: Schema = { type: 'array', items: schemaRef('Run') }

const problem: Schema = {
  type: 'object',
  description: 'A problem as RFC 9457 defines it: https://www.rfc-editor.org/rfc/rfc9457',
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: text('The name of the HTTP status.'),
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: text('What is wrong, as a sentence.'),
    problems: {
      type: 'array',
      description: 'Every fault that was found.',
      items: {
        type: 'object',
        properties: {
          path: text('The parameter. Empty if the fault is not in a single parameter.'),
          message: text('What is wrong with it.'),
        },
        required: ['path', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
}

/** All schemas of answers; referenced-components.ts keeps those that a document uses. */
export const runSchemas: Readonly<Record<string, Schema>> = {
  Run: run,
  Accepted: {
    description: 'The first run. If several routes matched, `runs` contains all of them.',
    allOf: [schemaRef('Run'), { type: 'object', properties: { runs } }],
  },
  RunList: { type: 'object', properties: { runs: { ...runs, description: 'Newest first.' } }, required: ['runs'] },
  Ignored: {
    type: 'object',
    description: 'No route matched the delivery, so no run was created.',
    properties: { status: { type: 'string', const: 'ignored' }, reason: text('Why no route matched.') },
    required: ['status', 'reason'],
  },
  RunEvent: {
    type: 'object',
    description: 'A run has changed its status.',
    properties: {
      type: { type: 'string', enum: runStatuses.map((status) => `run.${status}`) },
      timestamp: time('When the status changed.'),
      data: schemaRef('Run'),
    },
    required: ['type', 'timestamp', 'data'],
  },
  Problem: problem,
}
