/** The shape of a task and of its parameters. */
import * as v from 'valibot'
import { didYouMean } from '../core/text/suggest.ts'
import { choice, closed, described, duration, integer, isRegExp, names, text, wait, wanted } from './fields.ts'

const common = {
  env: v.optional(
    described(
      v.pipe(text(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is not the name of an environment variable')),
      'Name of the environment variable; default: the parameter’s name in upper case.',
    ),
  ),
  description: v.optional(described(text(), 'Shown in help and forms.')),
  required: v.optional(v.boolean(wanted('true or false'))),
  secret: v.optional(
    described(v.boolean(wanted('true or false')), 'Shown to nobody: not in a message, a status or a log.'),
  ),
}

const stringParam = closed({
  type: v.literal('string'),
  ...common,
  pattern: v.optional(
    described(
      v.pipe(text('a regular expression'), v.check(isRegExp, 'is not a regular expression')),
      'A regular expression, not anchored.',
    ),
  ),
  minLength: v.optional(integer(0, 8192)),
  maxLength: v.optional(integer(1, 8192)),
  enum: v.optional(
    v.pipe(v.array(v.string(wanted('text')), wanted('a list of texts')), v.minLength(1, 'must not be empty')),
  ),
  default: v.optional(v.string(wanted('text'))),
})
/** YAML has `.inf`; a container has not. */
const finite = v.pipe(v.number(wanted('a number')), v.finite('must be a finite number'))
const numberParam = (type: 'integer' | 'number') =>
  closed({
    type: v.literal(type),
    ...common,
    min: v.optional(v.number(wanted('a number'))),
    max: v.optional(v.number(wanted('a number'))),
    default: v.optional(finite),
  })
const booleanParam = closed({
  type: v.literal('boolean'),
  ...common,
  default: v.optional(v.boolean(wanted('true or false'))),
})

const paramTypes = ['string', 'integer', 'number', 'boolean'] as const
const param = v.variant('type', [stringParam, numberParam('integer'), numberParam('number'), booleanParam], (issue) =>
  issue.received === 'undefined' || typeof issue.input !== 'string'
    ? `is missing: one of ${paramTypes.join(', ')}`
    : `"${issue.input}" is not one of ${paramTypes.join(', ')}${didYouMean(issue.input, paramTypes)}`,
)

/** RunTask takes 50 tags of these characters, and taskhook adds two. */
const tagText = (min: number, max: number) =>
  v.pipe(
    v.string(wanted('text')),
    v.regex(
      new RegExp(`^[\\p{L}\\p{N} +=._:/@-]{${min},${max}}$`, 'u'),
      `takes up to ${max} letters, digits, spaces and + - = . _ : / @`,
    ),
  )
const taskTags = v.pipe(
  v.record(
    v.pipe(tagText(1, 128), v.regex(/^(?!aws:|taskhook:)/i, 'is reserved: aws: and taskhook: tags are set by others')),
    tagText(0, 256),
    wanted('a mapping'),
  ),
  v.maxEntries(48, 'takes 48 at most'),
)

export const task = closed({
  description: v.optional(described(text(), 'What the task does; shown in help.')),
  cluster: described(
    text('the name or ARN of an ECS cluster'),
    'Name or ARN of the ECS cluster; an ARN also says in which region and account.',
  ),
  assumeRole: v.optional(
    described(
      v.pipe(
        text('the ARN of a role'),
        v.regex(
          /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
          'is not the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME',
        ),
      ),
      'Role that is assumed to run the task: for a cluster of another account.',
    ),
  ),
  taskDefinition: described(text('a family, family:revision or ARN'), 'Family, family:revision or ARN.'),
  container: v.optional(
    described(text(), 'The container whose exit code is the run’s; may be left out where the task definition has one.'),
  ),
  subnets: described(names('subnet', 16), 'Subnets of the task.'),
  securityGroups: v.optional(
    described(names('security group', 5), 'Security groups of the task; default: the VPC’s default group.'),
  ),
  assignPublicIp: v.optional(
    described(choice(['ENABLED', 'DISABLED']), 'ENABLED for public subnets without a NAT; default DISABLED.'),
  ),
  capacity: v.optional(
    described(
      names('capacity provider', 20),
      'Tried in order: FARGATE, FARGATE_SPOT or a capacity provider; default [FARGATE].',
    ),
  ),
  platformVersion: v.optional(text()),
  cpu: v.optional(
    described(
      v.union([v.pipe(v.number(), v.transform(String)), text()], wanted('CPU units')),
      'CPU units, in place of the task definition’s.',
    ),
  ),
  memory: v.optional(
    described(
      v.union([v.pipe(v.number(), v.transform(String)), text()], wanted('MiB')),
      'MiB, in place of the task definition’s.',
    ),
  ),
  tags: v.optional(described(taskTags, 'Tags of the ECS task.')),
  timeout: v.optional(described(duration, 'A run that takes longer is stopped: 90s, 30m, 2h.')),
  startWithin: v.optional(
    described(
      wait,
      'A run that has not been started so long after it was taken (or approved) is given up; default: an hour after ECS first refused it.',
    ),
  ),
  concurrency: v.optional(
    described(
      closed({
        group: v.optional(
          described(
            text('text'),
            'Runs of the task with the same group share the slots: "${params.dataset}". Default: all of them.',
          ),
        ),
        limit: v.optional(described(integer(1, 1000), 'How many run at a time; default 1.')),
        whenFull: v.optional(
          described(
            choice(['queue', 'cancel-oldest', 'reject']),
            'One too many waits (the default), takes the place of the oldest, or does not run.',
          ),
        ),
      }),
      'How many runs at a time.',
    ),
  ),
  params: v.optional(
    described(
      v.record(
        v.pipe(text(), v.regex(/^[A-Za-z_][\w-]{0,63}$/, 'is not a name: letters, digits, "_" and "-"')),
        param,
        wanted('a mapping'),
      ),
      'The parameters that the task takes; nothing else reaches the container.',
    ),
  ),
  local: v.optional(
    described(
      closed({
        command: v.pipe(
          v.array(text(), wanted('a list: the program and its arguments')),
          v.minLength(1, 'must not be empty'),
        ),
        cwd: v.optional(text()),
        image: v.optional(described(text(), 'Run the command in this image where Docker answers.')),
      }),
      'What `taskhook dev` runs for the task; production ignores it.',
    ),
  ),
})
