/**
 * What today's functions write could be read by commit a0166d7: in every state, items and messages have the attributes and JSON keys that
 * it wrote itself. While an upgrade is under way, functions of both versions work on the same table and queue.
 */
import { expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import { changePauses } from '../../../src/core/store/pause-store.ts'
import { record } from './recorded/record.ts'
import { recordedNames, recordingOf } from './recorded/replay.ts'
import { messageStates, senderStates } from './recorded/sender-states.ts'
import { startedStates } from './recorded/started-states.ts'
import type { Bring, Item, Recording } from './recorded/state.ts'
import { waitingStates } from './recorded/waiting-states.ts'

const states: Readonly<Record<string, Bring>> = {
  ...waitingStates,
  ...startedStates,
  ...senderStates,
  ...messageStates,
}

/** Attributes, and keys in stored JSON, that are new since a0166d7. It ignores them. */
const added: readonly string[] = [
  ...['run.waiting.M.kind.S: string', 'run.waiting.M.cause.S: string', 'run.waiting.M.class.S: string'],
  ...['run.waiting.M.message.S: string', 'run.waiting.M.limit.N: string', 'run.waiting.M.place.N: string'],
  ...['run.stopCause.S: string', 'run.endedBy.M.kind.S: string', 'run.endedBy.M.by.S: string'],
  'run.workspace.S: string',
]

/** Attributes that are no longer written in a state, where a0166d7 wrote the value that it takes if there is none. */
const omitted: Readonly<Record<string, readonly string[]>> = {
  'waiting-for-end-of-pause': ['run.attempts.L: list', 'run.refusals.N: string', 'run.unsure.BOOL: boolean'],
}

/** The path to every value, with its type: `run.memory.message.ts: string`. */
function shapeOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return [`${path}: list`, ...value.flatMap((each) => shapeOf(each, `${path}[]`))]
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`]
  return Object.entries(value).flatMap(([key, each]) => shapeOf(each, `${path}.${key}`))
}

/** Attributes whose text is JSON. */
const json = ['plan', 'answerTo', 'memory']

const kindOf = (item: Item): string => String(item.pk?.S).replace(/#.*/, '')
const itemShape = (item: Item): string[] =>
  Object.entries(item).flatMap(([name, value]) =>
    json.includes(name)
      ? shapeOf(JSON.parse(String(value.S)), `${kindOf(item)}.${name}`)
      : shapeOf(value, `${kindOf(item)}.${name}`),
  )
const messageShape = (body: string): string[] => {
  const message = JSON.parse(body) as { verb: string }
  return shapeOf(message, `message ${message.verb}`)
}
const shapesOf = ({ items, messages }: Pick<Recording, 'items' | 'messages'>): readonly string[] =>
  [...new Set([...items.flatMap(itemShape), ...messages.flatMap(messageShape)])].sort()

const today = (name: string): Promise<Recording> =>
  record(states[name] as Bring, (client, pauses) => changePauses(createItems(client, 'taskhook'), () => pauses))

it('every state is recorded', () => {
  expect(Object.keys(states).sort()).toEqual([...recordedNames].sort())
})

it.each(Object.keys(states))('%s: items and messages have the attributes and keys of a0166d7', async (name) => {
  const written = shapesOf(await today(name)).filter((path) => !added.includes(path))
  const recorded = shapesOf(recordingOf(name))
  const kept = recorded.filter((path) => !omitted[name]?.includes(path))
  expect(written).toEqual(kept)
  expect(recorded).toEqual(expect.arrayContaining([...(omitted[name] ?? [])]))
})

/** Attributes of a run at a0166d7: its `RunRow`, and what its ledger adds. */
const known = [
  ...['pk', 'run', 'source', 'event', 'deliveryId', 'actor', 'repository', 'origin', 'plan', 'answerTo', 'createdAt'],
  ...['trace', 'rerunOf', 'interruptions', 'answerAs', 'status', 'attempt', 'container', 'taskArn', 'taskVersion'],
  ...['exitCode', 'reason', 'startedAt', 'stoppedAt', 'deadline', 'told', 'toldRev', 'toldAt', 'tellTries'],
  ...['tellingUntil', 'refusedAt', 'refusals', 'attempts', 'leaseUntil', 'launching', 'launchedAt', 'unsure'],
  ...['interrupted', 'cancelBy', 'approvedBy', 'approvedAt', 'logs', 'progress', 'progressRev', 'memory', 'task'],
  ...['open', 'dueAt', 'expiresAt'],
]

it('every attribute of a run is recorded, except `logs`: local task definitions have no log driver', () => {
  const runs = recordedNames.flatMap((name) => recordingOf(name).items).filter((item) => kindOf(item) === 'run')
  const seen = new Set(runs.flatMap((item) => Object.keys(item)))
  expect([...seen, 'logs'].sort()).toEqual([...known].sort())
})
