/** A signed body that lacks a field is a bad request, and never a fault inside Bolt. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createListenerDispatch } from '../../../src/adapters/slack/listeners.ts'
import { translate } from '../../../src/adapters/slack/translate.ts'
import type { Json } from '../../../src/core/adapter.ts'
import { BadRequest } from '../../../src/core/errors.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { requestOf } from '../../contract/request.ts'

const dispatchToListener = createListenerDispatch()
const translated = (body: Json) => translate(markVerified(requestOf(JSON.stringify(body)), 'key'), dispatchToListener)

const command: Json = {
  ...{ command: '/analyze', text: 'sales', user_id: 'U1', user_name: 'ann', channel_id: 'C1', channel_name: 'data' },
  ...{ team_id: 'T1', team_domain: 'acme', api_app_id: 'A1', trigger_id: '1.2.3' },
  response_url: 'https://hooks.slack.com/commands/T1/1/x',
}
const button: Json = {
  ...{ type: 'block_actions', api_app_id: 'A1', trigger_id: '1.2.3', enterprise: null, is_enterprise_install: false },
  user: { id: 'U1', username: 'ann', team_id: 'T1' },
  team: { id: 'T1', domain: 'acme' },
  channel: { id: 'C1', name: 'data' },
  container: { type: 'message', message_ts: '1.1', channel_id: 'C1', is_ephemeral: false },
  actions: [{ type: 'button', action_id: 'taskhook:cancel', block_id: 'b', value: '0123456789abcdef0123' }],
  response_url: 'https://hooks.slack.com/actions/T1/1/x',
}
const submission: Json = JSON.parse(
  readFileSync(new URL('../../fixtures/slack/view-submission.json', import.meta.url), 'utf8'),
)
/** Members that Bolt reads of some kind, so that they are also tested where a body lacks them. */
const added = { event: 0, name: 0, actions: 0, command: 0, response_urls: 0, channel: 0, function_data: 0, view: 0 }

type Path = readonly string[]
const pathsOf = (value: Json, path: Path = []): readonly Path[] =>
  value !== null && typeof value === 'object'
    ? [path, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))]
    : [path]

function replaced(value: Json, [name, ...rest]: Path, by: Json | undefined): Json {
  if (name === undefined) return by ?? null
  const members = Object.entries({ ...(value as object) } as Record<string, Json>)
  const found = members.some(([each]) => each === name) ? members : [...members, [name, null] as [string, Json]]
  const changed = found.flatMap(([each, member]): [string, Json][] => {
    if (each !== name) return [[each, member]]
    return rest.length === 0 && by === undefined ? [] : [[each, replaced(member, rest, by)]]
  })
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed)
}

const bodies = {
  command,
  'command without a response_url': replaced(command, ['response_url'], undefined),
  button,
  'button without a response_url': replaced(button, ['response_url'], undefined),
  submission,
}

const values: readonly (Json | undefined)[] = [undefined, null, 0, true, '', 'x', [], [null], ['x'], {}, { id: null }]

describe('a body with one member changed', () => {
  it.each(Object.entries(bodies))('%s: is translated or a bad request', async (_, body) => {
    const paths = [...pathsOf(body).slice(1), ...Object.keys(added).map((name) => [name])]
    expect(paths.length).toBeGreaterThan(15)
    const refused = new Set<string>()
    for (const path of paths)
      for (const value of values) {
        const changed = replaced(body, path, value)
        const outcome = await translated(changed).then(
          ({ kind }) => kind,
          (error: unknown) => error,
        )
        if (outcome instanceof BadRequest) refused.add(path.join('.'))
        else expect(outcome, `${path.join('.')} = ${JSON.stringify(value)}`).toEqual(expect.any(String))
      }
    expect(refused.size).toBeGreaterThan(4)
  })
})

describe('a body that lacks something', () => {
  it.each<[string, Json, string]>([
    ['no user', replaced(command, ['user_id'], undefined), 'the command is not valid: user_id is not an id'],
    ['a long id', replaced(command, ['user_id'], 'U'.repeat(256)), 'the command is not valid: user_id is not an id'],
    ['a long channel', replaced(command, ['channel_id'], 'C'.repeat(256)), 'channel_id is not an id'],
    ['a number for text', replaced(command, ['text'], 3), 'the command is not valid: text is not text'],
    ['no user’s id', replaced(button, ['user', 'id'], undefined), 'the button is not valid: user.id is not an id'],
    [
      'a workspace that is no text',
      replaced(command, ['team_id'], 3),
      'the command is not valid: team_id is not an id',
    ],
    ['a long workspace', replaced(button, ['team', 'id'], 'T'.repeat(256)), 'team.id is not an id'],
    ['a workspace without an id', replaced(submission, ['team'], {}), 'the form is not valid: team.id is not an id'],
    ['no action', replaced(button, ['actions'], []), 'the button is not valid: actions is not a list, or empty'],
    [
      'an action without an id',
      replaced(button, ['actions', '0', 'action_id'], null),
      'actions.0.action_id is not text',
    ],
    [
      'no state',
      replaced(submission, ['view', 'state'], undefined),
      'the form is not valid: view.state is not an object',
    ],
    [
      'an empty field',
      replaced(submission, ['view', 'state', 'values', 'p:depth'], null),
      'values.p:depth is not an object',
    ],
    [
      'a field whose name begins with a space',
      replaced(submission, ['view', 'state', 'values', ' x'], null),
      'the form is not valid: view.state.values. x is not an object',
    ],
    [
      'another kind’s list',
      replaced(submission, ['actions'], []),
      'the form is not valid: actions belongs to another kind',
    ],
  ])('%s: the error names it', async (_, body, message) => {
    await expect(translated(body)).rejects.toThrow(BadRequest)
    await expect(translated(body)).rejects.toThrow(message)
  })
})
