/**
 * Checks the fields of a body before Bolt gets it. Bolt reads only the kind and does not check the other fields, and neither do our
 * listeners, which use Bolt's types. After this check, an error inside Bolt is our own fault, never an unreadable body.
 */
import { BadRequest } from '../../core/errors.ts'
import type { RequestBody } from './request-body.ts'

export type BodyKind = 'command' | 'block_actions' | 'view_submission'

/** What people call each kind. */
export const nouns: Readonly<Record<BodyKind, string>> = {
  command: 'command',
  block_actions: 'button',
  view_submission: 'form',
}

/** The kind of a body, by the same fields as in Bolt. Undefined: taskhook does not listen to this kind. */
export function kindOf({ event, command, type }: RequestBody): BodyKind | undefined {
  if (event !== undefined) return undefined
  if (command !== undefined) return 'command'
  return type === 'block_actions' || type === 'view_submission' ? type : undefined
}

/** @throws {BadRequest} that names the first field that is wrong */
export function checkBody(kind: BodyKind, body: RequestBody): void {
  const wrong = checks[kind](body)
  if (wrong !== undefined)
    throw new BadRequest(`the ${nouns[kind]} is not valid: ${wrong.path.join('.')} ${wrong.problem}`)
}

interface Wrong {
  /** The names of members, from the outside to the inside. Empty: the value itself. */
  readonly path: readonly string[]
  readonly problem: string
}

/** Undefined: the value is valid. */
type Check = (value: unknown) => Wrong | undefined

const itself = (problem: string): Wrong => ({ path: [], problem })

const value =
  (isValid: (given: unknown) => boolean, problem: string): Check =>
  (given) =>
    isValid(given) ? undefined : itself(problem)

const absent = value((given) => given === undefined, 'belongs to another kind')
const text = value((given) => typeof given === 'string', 'is not text')
/** It is written into messages, logs and the container. */
const id = value((given) => typeof given === 'string' && given.length <= 255, 'is not an id')
/** It is logged, so it must be a name and nothing else. */
const commandName = value(
  (given) => typeof given === 'string' && /^\/\S{1,99}$/.test(given),
  'is not a name like "/analyze"',
)

const optional =
  (check: Check): Check =>
  (given) =>
    given === undefined ? undefined : check(given)

const nullable =
  (check: Check): Check =>
  (given) =>
    given === null ? undefined : optional(check)(given)

const object =
  (members: Readonly<Record<string, Check>>): Check =>
  (given) =>
    typeof given === 'object' && given !== null
      ? firstProblem(Object.entries(members).map(([name, check]) => [name, check(Reflect.get(given, name))]))
      : itself('is not an object')

const objectOfObjects: Check = (given) =>
  typeof given === 'object' && given !== null
    ? firstProblem(Object.entries(given).map(([name, member]) => [name, object({})(member)]))
    : itself('is not an object')

const list =
  (check: Check, min = 0): Check =>
  (given) =>
    Array.isArray(given) && given.length >= min
      ? firstProblem(given.map((item, at) => [String(at), check(item)]))
      : itself('is not a list, or empty')

function firstProblem(found: readonly (readonly [name: string, wrong: Wrong | undefined])[]): Wrong | undefined {
  for (const [name, wrong] of found)
    if (wrong !== undefined) return { path: [name, ...wrong.path], problem: wrong.problem }
  return undefined
}

/** Bolt reads the first one of any kind. */
const responseUrls = optional(list(object({})))

/** Null for an app that is installed in a whole organisation. */
const team = nullable(object({ id, enterprise_id: nullable(id) }))
const enterprise = nullable(object({ id }))

const checks: Readonly<Record<BodyKind, Check>> = {
  command: object({
    command: commandName,
    user_id: id,
    user_name: nullable(text),
    channel_id: optional(id),
    team_id: nullable(id),
    enterprise_id: nullable(id),
    text: optional(text),
    trigger_id: optional(text),
    response_url: optional(text),
    response_urls: responseUrls,
  }),
  block_actions: object({
    user: object({ id, username: nullable(text), team_id: nullable(id) }),
    team,
    enterprise,
    channel: optional(object({ id })),
    actions: list(object({ action_id: text, value: nullable(text) }), 1),
    response_url: optional(text),
    response_urls: responseUrls,
  }),
  view_submission: object({
    user: object({ id, team_id: nullable(id) }),
    team,
    enterprise,
    view: object({ state: object({ values: objectOfObjects }), app_installed_team_id: nullable(id) }),
    response_urls: responseUrls,
    actions: absent,
  }),
}
