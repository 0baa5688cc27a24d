/** What RunTask takes, by the API's own rules and, where they are known, in its own words. Pure. */
import type { RunTaskInput } from './action-input.ts'

/** What is wrong, or nothing. */
type Rule = (input: RunTaskInput, containers: readonly string[]) => string | undefined

const when = (broken: boolean | undefined, message: string) => (broken ? message : undefined)

const identifier = /^[\w/-]{0,128}$/
const tokenCharacters = /^[!-~]{1,64}$/
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

const counts: Rule = ({ count }) =>
  when(!Number.isInteger(count) || count < 1 || count > 10, 'count must be between 1 and 10.')

const startedBy: Rule = ({ startedBy }) =>
  when(
    startedBy !== undefined && !identifier.test(startedBy),
    'startedBy must be at most 128 letters, numbers, hyphens, forward slashes and underscores.',
  )

const clientToken: Rule = ({ clientToken }) =>
  when(
    clientToken !== undefined && !tokenCharacters.test(clientToken),
    'clientToken must be at most 64 ASCII characters in the range of 33-126.',
  )

const launchTypes = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']

const launchType: Rule = ({ launchType, capacityProviderStrategy = [] }) =>
  when(
    launchType !== undefined && !launchTypes.includes(launchType),
    `launchType must be ${launchTypes.join(' | ')}.`,
  ) ??
  when(
    launchType !== undefined && capacityProviderStrategy.length > 0,
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  ) ??
  when(capacityProviderStrategy.length > 20, 'capacityProviderStrategy can have at most 20 items.')

const network: Rule = ({ networkConfiguration }) => {
  const awsvpc = networkConfiguration?.awsvpcConfiguration
  if (awsvpc === undefined) return "Network Configuration must be provided when networkMode 'awsvpc' is specified."
  const { subnets = [], securityGroups = [], assignPublicIp = 'DISABLED' } = awsvpc
  return (
    when(subnets.length === 0, 'subnets can not be empty.') ??
    when(subnets.length > 16, 'subnets can have at most 16 items.') ??
    when(securityGroups.length > 5, 'securityGroups can have at most 5 items.') ??
    when(!['ENABLED', 'DISABLED'].includes(assignPublicIp), 'assignPublicIp must be ENABLED or DISABLED.')
  )
}

/** Characters of JSON, as the API's reference says: "includes the JSON formatting characters of the override structure". */
const size: Rule = ({ overrides }) =>
  when(
    overrides !== undefined && JSON.stringify(overrides).length > 8192,
    'Container Overrides length must be at most 8192',
  )

const containerOverrides: Rule = ({ overrides }, containers) => {
  for (const { name, ...rest } of overrides?.containerOverrides ?? []) {
    if (name === undefined && Object.keys(rest).length === 0) continue
    if (name === undefined || name === '') return 'Container override must have a name.'
    if (!containers.includes(name))
      return `Override for container named ${name} is not a container in the TaskDefinition.`
    // No rule of AWS: the command here is the machine's own, so the task definition's would be run by nobody.
    if (rest.command !== undefined) return 'The local ECS endpoint runs local.command and takes no command override.'
  }
  return undefined
}

const tags: Rule = ({ tags = [] }) =>
  when(tags.length > 50, 'Tags can not have more than 50 items.') ??
  when(new Set(tags.map(({ key }) => key)).size < tags.length, 'Tag keys must be unique.') ??
  when(
    tags.some(({ key }) => key === '' || key.length > 128 || /^aws:/i.test(key)),
    'Tag keys must be 1 to 128 characters and not start with aws:.',
  ) ??
  when(
    tags.some(({ value }) => value.length > 256),
    'Tag values must be at most 256 characters.',
  ) ??
  when(
    tags.some(({ key, value }) => !tagCharacters.test(key) || !tagCharacters.test(value)),
    'Tags take letters, numbers, spaces and + - = . _ : / @.',
  )

const rules: readonly Rule[] = [counts, startedBy, clientToken, launchType, network, size, containerOverrides, tags]

/** The first rule that the input breaks. */
export function brokenRule(input: RunTaskInput, containers: readonly string[]): string | undefined {
  for (const rule of rules) {
    const broken = rule(input, containers)
    if (broken !== undefined) return broken
  }
  return undefined
}
