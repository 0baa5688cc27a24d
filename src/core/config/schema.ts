/** The shape of `taskhook.yaml`: validator and JSON Schema come out of this one source. */
import * as v from 'valibot'
import { didYouMean } from '../suggest.ts'

/** What an adapter tells about its slice of the config. Only the tools that read YAML load it; a Lambda function never does. */
export interface AdapterSpec {
  /** The sender's name as it writes it: `GitHub`. */
  readonly title: string
  /** Keys of the source, beyond `adapter`. */
  readonly entries: v.ObjectEntries
  /** Which of them holds the secrets that prove a sender, and which hold tokens to speak to it. */
  readonly secret: string
  readonly tokens: readonly string[]
  /** What routes from this source can filter by, beyond `if` and `with`. */
  readonly filters: readonly RouteFilter[]
  /** Whether its deliveries bring parameters of their own, or routes must set them all. */
  readonly givesParams: boolean
  /** Known names for `event`, where there is a list. */
  readonly events?: readonly string[]
  /** More to say about a source than its shape tells. */
  check?(source: Raw): readonly SpecFinding[]
  /** And about a route from it. */
  checkRoute?(route: Raw, source: Raw): readonly SpecFinding[]
  /** What a route says where the config does not. */
  routeDefaults?(route: Raw): Raw
  /** Tokens that these routes need before they can decide, so that the function which faces the internet must have them. */
  tokensAtTheDoor?(source: Raw, routes: readonly Raw[]): readonly string[]
}

type Raw = Readonly<Record<string, unknown>>

/** What stands under these keys, as a list of texts; empty where nothing does. */
export function valuesAt(of: Raw, ...keys: readonly string[]): readonly string[] {
  const value = keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Raw)[key] : undefined),
    of,
  )
  return [value].flat().filter((each) => typeof each === 'string')
}

export interface SpecFinding {
  readonly key: string
  readonly message: string
}

export const routeFilters = [
  'event',
  'command',
  'branches',
  'tags',
  'paths',
  'repositories',
  'forks',
  'allow',
  'approval',
] as const
export type RouteFilter = (typeof routeFilters)[number]
export type AdapterSpecs = Readonly<Record<string, AdapterSpec>>

export const isUnknownKey = (issue: { expected: string | null }): boolean => issue.expected === 'never'

/** A mapping that takes the listed keys and no others. */
export const closed = <const T extends v.ObjectEntries>(entries: T) =>
  v.strictObject(entries, (issue) =>
    isUnknownKey(issue)
      ? `unknown key${didYouMean(String(issue.input), Object.keys(entries)) || `; known are ${Object.keys(entries).join(', ')}`}`
      : issue.received === 'undefined'
        ? 'is missing'
        : `must be a mapping, not ${issue.received}`,
  )

const wanted = (what: string) => (issue: { received: string }) =>
  issue.received === 'undefined' ? `is missing: ${what}` : `must be ${what}, not ${issue.received}`

const described = <const T extends v.GenericSchema>(schema: T, text: string) => v.pipe(schema, v.description(text))

export const text = (what = 'text') => v.pipe(v.string(wanted(what)), v.nonEmpty('must not be empty'))
const integer = (min: number, max: number) =>
  v.pipe(
    v.number(wanted('a number')),
    v.integer('must be an integer'),
    v.minValue(min, `must be ${min} or more`),
    v.maxValue(max, `must be ${max} or less`),
  )

/** One, or a list of them. */
export const oneOrMore = (what: string) =>
  v.pipe(
    v.union(
      [text(what), v.pipe(v.array(text(what)), v.minLength(1, 'must not be an empty list'))],
      wanted(`${what}, or a list`),
    ),
  )

export const choice = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, (issue) =>
    issue.received === 'undefined'
      ? `is missing: one of ${options.join(', ')}`
      : `${issue.received} is not one of ${options.join(', ')}${didYouMean(String(issue.input), options)}`,
  )

/** One of the options, or something of another shape. */
export const choiceOr = <const T extends readonly string[], const S extends v.GenericSchema>(
  options: T,
  other: S,
  what: string,
) =>
  v.union([v.picklist(options), other], (issue) => {
    const known = `one of ${options.join(', ')}, or ${what}`
    if (issue.received === 'undefined') return `is missing: ${known}`
    return typeof issue.input === 'string'
      ? `${issue.received} is not ${known}${didYouMean(issue.input, options)}`
      : `is not ${known}`
  })

const referencePattern = /^(env:[A-Za-z_][A-Za-z0-9_]*|secretsmanager:[^#\s]+(#[^#\s]+)?)$/
const reference = v.pipe(
  text('a secret reference'),
  v.regex(
    referencePattern,
    'is not a secret reference; write secretsmanager:ID#KEY or env:NAME (never the secret itself)',
  ),
)
export const secretReferences = described(
  v.union([reference, v.pipe(v.array(reference), v.minLength(1, 'must not be an empty list'))], (issue) =>
    issue.received === 'undefined'
      ? 'is missing: a secret reference'
      : 'is not a secret reference; write secretsmanager:ID#KEY or env:NAME (never the secret itself)',
  ),
  'A secret reference, or a list of them: secretsmanager:ID#KEY or env:NAME.',
)

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

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}

const names = (what: string, max: number) =>
  v.pipe(
    v.array(text(what), wanted(`a list of ${what}s`)),
    v.minLength(1, 'must not be empty'),
    v.maxLength(max, `takes ${max} at most`),
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

export const durationPattern = /^([1-9]\d*)\s*(s|m|h)$/
const duration = v.pipe(
  v.string(wanted('a time like 90s, 30m or 2h')),
  v.regex(durationPattern, 'must be a time like 90s, 30m or 2h'),
)
const task = closed({
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

/** https://docs.github.com/en/graphql/reference/enums#commentauthorassociation, but for those that anybody has. */
const associations = ['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR'] as const

export const routeEntries = {
  name: v.optional(
    described(
      v.pipe(text(), v.regex(/^[\w./#-]{1,100}$/, 'takes letters, digits and . / # _ -')),
      'Names the route in logs.',
    ),
  ),
  on: described(text('the name of a source'), 'The source.'),
  run: described(text('the name of a task'), 'The task.'),
  event: v.optional(described(oneOrMore('an event'), 'push, pull_request.opened …, or a list.')),
  command: v.optional(
    described(
      v.pipe(text('a command'), v.regex(/^\/[^\s/]+$/, 'is a command: a slash and a word')),
      'The command: /analyze.',
    ),
  ),
  branches: v.optional(described(oneOrMore('a glob'), 'Globs; "!" excludes, the last match decides.')),
  tags: v.optional(described(oneOrMore('a glob'), 'Globs; "!" excludes, the last match decides.')),
  paths: v.optional(described(oneOrMore('a glob'), 'Globs; one changed file that matches is enough.')),
  repositories: v.optional(described(oneOrMore('a glob like owner/name'), 'Globs of owner/name.')),
  if: v.optional(described(text('a CEL expression'), 'A CEL expression over event, body, source and actor.')),
  with: v.optional(
    described(
      v.record(
        text(),
        v.union([v.string(), v.number(), v.boolean()], wanted('text, a number, true or false')),
        wanted('a mapping'),
      ),
      'Parameters that the route sets; text may hold ${ CEL }.',
    ),
  ),
  allow: v.optional(
    described(
      closed({
        users: v.optional(described(oneOrMore('a user'), 'Slack’s ids, GitHub’s logins.')),
        userGroups: v.optional(described(oneOrMore('a user group'), 'Slack’s ids of user groups: S0123ABC.')),
        teams: v.optional(described(oneOrMore('a team'), 'GitHub’s teams: organisation/team.')),
        associations: v.optional(
          described(
            v.union([choice(associations), v.pipe(v.array(choice(associations)), v.minLength(1))], (issue) =>
              issue.received === 'undefined'
                ? 'is missing'
                : `${issue.received} is not one of ${associations.join(', ')}`,
            ),
            'What GitHub says of the person: OWNER, MEMBER, COLLABORATOR …',
          ),
        ),
        channels: v.optional(described(oneOrMore('a channel'), 'Slack’s ids of channels.')),
      }),
      'Who may: whoever is in one of the lists of people; channels narrow it down.',
    ),
  ),
  forks: v.optional(
    described(v.boolean(wanted('true or false')), 'true: pull requests of forks may take it, too. Default false.'),
  ),
  approval: v.optional(
    described(
      closed({
        from: described(oneOrMore('a user, a user group or a team'), 'Who may say yes: users, user groups or teams.'),
        expires: v.optional(described(duration, 'How long it waits; default 24h.')),
      }),
      'A second person must say yes before it starts.',
    ),
  ),
}

/** @param specs the adapters that sources may name */
export function configSchema(specs: AdapterSpecs) {
  const adapters = Object.keys(specs)
  const variants = adapters.map((adapter) => closed({ adapter: v.literal(adapter), ...specs[adapter]?.entries }))
  const source = v.variant('adapter', variants, (issue) =>
    issue.received === 'undefined' || typeof issue.input !== 'string'
      ? `is missing: one of ${adapters.join(', ')}`
      : `"${issue.input}" is not an adapter${didYouMean(issue.input, adapters) || `; one of ${adapters.join(', ')}`}`,
  )
  const sourceName = v.pipe(
    text(),
    v.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'is part of the URL: lower-case letters, digits, "-" and "_"'),
    v.check((name) => name !== 'runs', 'is taken: /runs/ shows runs'),
  )
  return closed({
    sources: described(
      v.record(sourceName, source, wanted('a mapping of sources')),
      'Who may send; the name is the URL path.',
    ),
    tasks: described(
      v.record(
        v.pipe(text(), v.regex(/^[A-Za-z0-9][\w-]{0,62}$/, 'is a name: letters, digits, "-" and "_"')),
        task,
        wanted('a mapping of tasks'),
      ),
      'What may be run.',
    ),
    routes: described(
      v.pipe(
        v.array(closed(routeEntries), wanted('a list of routes')),
        v.minLength(1, 'must not be empty: without a route nothing runs'),
      ),
      'Which delivery runs which task.',
    ),
  })
}

export type RawConfig = v.InferOutput<ReturnType<typeof configSchema>>
export type RawTask = v.InferOutput<typeof task>
export type RawRoute = RawConfig['routes'][number]
