/** The shape of a task. The keys are those of the ECS API. */
import * as v from 'valibot'
import { duration, waitDuration } from './duration.ts'
import { choice, closed, described, integer, mustBe, nameList, text } from './fields.ts'
import { params } from './param-schema.ts'

const tagText = (min: number, max: number) =>
  v.pipe(
    v.string(mustBe('text')),
    v.regex(
      new RegExp(`^[\\p{L}\\p{N} +=._:/@-]{${min},${max}}$`, 'u'),
      `must be ${min} to ${max} letters, digits, spaces and + - = . _ : / @`,
    ),
  )

/** RunTask accepts 50 tags, and taskhook adds two. */
const maxTags = 48

const tags = v.pipe(
  v.record(
    v.pipe(
      tagText(1, 128),
      v.regex(/^(?!aws:|taskhook:)/i, 'is reserved: AWS and taskhook set the tags that begin with aws: and taskhook:'),
    ),
    tagText(0, 256),
    mustBe('a mapping'),
  ),
  v.maxEntries(maxTags, `must have at most ${maxTags} tags`),
)

const assumeRole = v.pipe(
  text('the ARN of a role'),
  v.regex(
    /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    'is not the ARN of a role: arn:aws:iam::ACCOUNT:role/NAME',
  ),
)

/** A number as text, as the ECS API has it. */
const numberText = (what: string) => v.union([v.pipe(v.number(), v.transform(String)), text()], mustBe(what))

const concurrency = closed({
  group: v.optional(
    described(
      text('text'),
      'Runs of the task with the same group share the slots: "${params.dataset}". Default: all runs of the task.',
    ),
  ),
  limit: v.optional(described(integer(1, 1000), 'The number of slots. Default 1.')),
  whenFull: v.optional(
    described(
      choice(['queue', 'cancel-oldest', 'reject']),
      'If the group is full, a new run waits (queue, the default), cancels the oldest run and takes its slot, or fails.',
    ),
  ),
})

const local = closed({
  command: v.pipe(
    v.array(text(), mustBe('a list: the program and its arguments')),
    v.minLength(1, 'must not be empty'),
  ),
  cwd: v.optional(text()),
  image: v.optional(described(text(), 'The image in which the command runs if Docker is available.')),
})

export const task = closed({
  description: v.optional(described(text(), 'What the task does. Shown in help.')),
  cluster: described(
    text('the name or ARN of an ECS cluster'),
    'Name or ARN of the ECS cluster. An ARN also sets the region and the account.',
  ),
  assumeRole: v.optional(
    described(assumeRole, 'ARN of the role that taskhook assumes to run the task, for a cluster in another account.'),
  ),
  taskDefinition: described(text('a family, family:revision or ARN'), 'Family, family:revision or ARN.'),
  container: v.optional(
    described(
      text(),
      'The container whose exit code is that of the run. Optional if the task definition has only one container.',
    ),
  ),
  subnets: described(nameList('subnet', 16), 'Subnets of the task.'),
  securityGroups: v.optional(
    described(nameList('security group', 5), 'Security groups of the task. Default: the default group of the VPC.'),
  ),
  assignPublicIp: v.optional(
    described(choice(['ENABLED', 'DISABLED']), 'ENABLED for public subnets without a NAT gateway. Default DISABLED.'),
  ),
  capacity: v.optional(
    described(
      nameList('capacity provider', 20),
      'Tried in order: FARGATE, FARGATE_SPOT or a capacity provider. Default [FARGATE].',
    ),
  ),
  platformVersion: v.optional(text()),
  cpu: v.optional(described(numberText('CPU units'), 'CPU units. Override the task definition.')),
  memory: v.optional(described(numberText('MiB'), 'MiB. Overrides the task definition.')),
  tags: v.optional(described(tags, 'Tags of the ECS task.')),
  timeout: v.optional(described(duration, 'A run that takes longer is stopped: 90s, 30m, 2h.')),
  startWithin: v.optional(
    described(
      waitDuration,
      'A run that has not started within this time after it was accepted (or approved) fails. Default: one hour after ECS first refused it.',
    ),
  ),
  concurrency: v.optional(described(concurrency, 'How many runs of the task can happen at once.')),
  params: v.optional(described(params, 'The parameters that the task accepts. No other values reach the container.')),
  local: v.optional(described(local, 'What `taskhook dev` runs for the task. Ignored in production.')),
})
