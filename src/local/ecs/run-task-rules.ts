/** The API's rules for RunTask, with AWS's own messages where they are known. Pure. */
import type { RunTaskInput } from './action-input.ts'

/** The message for a broken rule, or undefined. */
type Rule = (input: RunTaskInput, containers: readonly string[]) => string | undefined

const messageIf = (broken: boolean | undefined, message: string) => (broken ? message : undefined)

const identifier = /^[\w/-]{0,128}$/
const tokenCharacters = /^[!-~]{1,64}$/
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

const counts: Rule = ({ count }) =>
  messageIf(!Number.isInteger(count) || count < 1 || count > 10, 'count must be between 1 and 10.')

const startedBy: Rule = ({ startedBy }) =>
  messageIf(
    startedBy !== undefined && !identifier.test(startedBy),
    'startedBy must be at most 128 letters, numbers, hyphens, forward slashes and underscores.',
  )

const clientToken: Rule = ({ clientToken }) =>
  messageIf(
    clientToken !== undefined && !tokenCharacters.test(clientToken),
    'clientToken must be at most 64 ASCII characters in the range of 33-126.',
  )

const launchTypes = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']

const launchType: Rule = ({ launchType, capacityProviderStrategy = [] }) =>
  messageIf(
    launchType !== undefined && !launchTypes.includes(launchType),
    `launchType must be ${launchTypes.join(' | ')}.`,
  ) ??
  messageIf(
    launchType !== undefined && capacityProviderStrategy.length > 0,
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  ) ??
  messageIf(capacityProviderStrategy.length > 20, 'capacityProviderStrategy can have at most 20 items.')

const network: Rule = ({ networkConfiguration }) => {
  const awsvpc = networkConfiguration?.awsvpcConfiguration
  if (awsvpc === undefined) return "Network Configuration must be provided when networkMode 'awsvpc' is specified."
  const { subnets = [], securityGroups = [], assignPublicIp = 'DISABLED' } = awsvpc
  return (
    messageIf(subnets.length === 0, 'subnets can not be empty.') ??
    messageIf(subnets.length > 16, 'subnets can have at most 16 items.') ??
    messageIf(securityGroups.length > 5, 'securityGroups can have at most 5 items.') ??
    messageIf(!['ENABLED', 'DISABLED'].includes(assignPublicIp), 'assignPublicIp must be ENABLED or DISABLED.')
  )
}

/** Characters of JSON, as the API's reference says: "includes the JSON formatting characters of the override structure". */
const size: Rule = ({ overrides }) =>
  messageIf(
    overrides !== undefined && JSON.stringify(overrides).length > 8192,
    'Container Overrides length must be at most 8192',
  )

const containerOverrides: Rule = ({ overrides }, containers) => {
  for (const { name, ...rest } of overrides?.containerOverrides ?? []) {
    if (name === undefined && Object.keys(rest).length === 0) continue
    if (name === undefined || name === '') return 'Container override must have a name.'
    if (!containers.includes(name))
      return `Override for container named ${name} is not a container in the TaskDefinition.`
    // Not a rule of AWS: local tasks run local.command, so an override would have no effect.
    if (rest.command !== undefined) return 'Local ECS runs local.command and does not support a command override.'
  }
  return undefined
}

const tags: Rule = ({ tags = [] }) =>
  messageIf(tags.length > 50, 'Tags can not have more than 50 items.') ??
  messageIf(new Set(tags.map(({ key }) => key)).size < tags.length, 'Tag keys must be unique.') ??
  messageIf(
    tags.some(({ key }) => key === '' || key.length > 128 || /^aws:/i.test(key)),
    'Tag keys must be 1 to 128 characters and not start with aws:.',
  ) ??
  messageIf(
    tags.some(({ value }) => value.length > 256),
    'Tag values must be at most 256 characters.',
  ) ??
  messageIf(
    tags.some(({ key, value }) => !tagCharacters.test(key) || !tagCharacters.test(value)),
    'Tags can only contain letters, numbers, spaces and + - = . _ : / @.',
  )

const rules: readonly Rule[] = [counts, startedBy, clientToken, launchType, network, size, containerOverrides, tags]

/** The message of the first rule that the input breaks. */
export function brokenRule(input: RunTaskInput, containers: readonly string[]): string | undefined {
  for (const rule of rules) {
    const broken = rule(input, containers)
    if (broken !== undefined) return broken
  }
  return undefined
}
