/** What taskhook answers with: the keys of `runBody` in core/http/lambda-url.ts, problems by RFC 9457, and the events of a callback. */
import { runStatuses } from '../core/model/run.ts'
import { type Schema, schemaRef } from './openapi-types.ts'

const text = (description: string): Schema => ({ type: 'string', description })
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description })
const url = (description: string): Schema => ({ type: 'string', format: 'uri', description })

export const runId: Schema = { type: 'string', pattern: '^[0-9a-f]{20}$' }

const link: Schema = {
  type: 'object',
  properties: {
    label: { type: 'string', minLength: 1, maxLength: 80, description: 'What to call it.' },
    url: { type: 'string', format: 'uri', pattern: '^https://', maxLength: 1000, description: 'Where it leads.' },
  },
  required: ['label', 'url'],
}
const said: Readonly<Record<'percent' | 'message' | 'outputs' | 'links', Schema>> = {
  percent: { type: 'number', minimum: 0, maximum: 100, description: 'How far it is.' },
  message: { type: 'string', maxLength: 500, description: 'What it does just now.' },
  outputs: {
    type: 'object',
    description: 'What the container has found out, by name.',
    propertyNames: { pattern: '^[A-Za-z0-9_.-]{1,64}$' },
    additionalProperties: { type: 'string', maxLength: 500 },
    maxProperties: 20,
  },
  links: {
    type: 'array',
    items: schemaRef('Link'),
    maxItems: 10,
    description: 'What the container has made, to be looked at.',
  },
}

const run: Schema = {
  type: 'object',
  description: 'One execution of a task. What is not known yet is left out.',
  properties: {
    run: { ...runId, description: 'Its id: the same delivery always has the same.' },
    task: text('The task that it runs.'),
    status: {
      type: 'string',
      enum: [...runStatuses],
      description:
        'How it stands. One that has ended never changes: succeeded, failed, cancelled, timed-out, failed-to-start.',
    },
    statusUrl: url('Where to ask again, its token included. Whoever has it may see the run; keep it on your server.'),
    params: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'The parameters that it runs with, defaults included; a secret one is `(hidden)`.',
    },
    createdAt: time('When the delivery was taken.'),
    exitCode: { type: 'integer', description: 'Of the container; absent where none ever ran.' },
    reason: text('Why it is as it is, in words.'),
    startedAt: time('When the container began.'),
    stoppedAt: time('When it stopped.'),
    taskArn: text('The ECS task.'),
    rerunOf: { ...runId, description: 'The run that this one repeats.' },
    placed: { type: 'string', description: 'Where it was started, if not where it was to be at first, and why.' },
    logUrl: url('Where its lines are to be read, for whoever may sign in to AWS.'),
    approval: {
      type: 'object',
      properties: {
        from: { type: 'array', items: { type: 'string' }, description: 'Who may say yes.' },
        until: time('When the waiting ends.'),
      },
      required: ['from', 'until'],
      description: 'It waits for somebody to say yes.',
    },
    approvedBy: text('Who has said yes.'),
    progress: {
      type: 'object',
      properties: { percent: said.percent, message: said.message },
      description: 'What the container has said last.',
    },
    outputs: said.outputs,
    links: said.links,
  },
  required: ['run', 'task', 'status', 'statusUrl', 'params', 'createdAt'],
}

const runs: Schema = { type: 'array', items: schemaRef('Run') }

const problem: Schema = {
  type: 'object',
  description: 'What went wrong, as RFC 9457 has it: https://www.rfc-editor.org/rfc/rfc9457',
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: text('The status in words.'),
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: text('What is wrong, for the person who reads it.'),
    problems: {
      type: 'array',
      description: 'Each thing that is wrong, all at once.',
      items: {
        type: 'object',
        properties: {
          path: text('The parameter; empty where the whole is meant.'),
          message: text('What is wrong with it.'),
        },
        required: ['path', 'message'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
}

/** All there are; a document takes those that it refers to. */
export const fixedSchemas: Readonly<Record<string, Schema>> = {
  Run: run,
  Accepted: {
    description: 'The first run; where several routes have matched, all of them stand in `runs`.',
    allOf: [schemaRef('Run'), { type: 'object', properties: { runs } }],
  },
  RunList: { type: 'object', properties: { runs: { ...runs, description: 'Newest first.' } }, required: ['runs'] },
  Ignored: {
    type: 'object',
    description: 'Understood, and not for any route: nothing runs.',
    properties: { status: { type: 'string', const: 'ignored' }, reason: text('Why no route took it.') },
    required: ['status', 'reason'],
  },
  RunEvent: {
    type: 'object',
    description: 'A run has moved on.',
    properties: {
      type: { type: 'string', enum: runStatuses.map((status) => `run.${status}`) },
      timestamp: time('When it did.'),
      data: schemaRef('Run'),
    },
    required: ['type', 'timestamp', 'data'],
  },
  Report: {
    type: 'object',
    description: 'What a container says about itself, as much of it as there is to say.',
    properties: said,
    additionalProperties: false,
    minProperties: 1,
  },
  Link: link,
  Problem: problem,
}
