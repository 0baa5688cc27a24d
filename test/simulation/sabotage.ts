/**
 * Conditions of the ledger, taken away one by one: the simulation must notice. Not all can be missed alone, as others stand behind them:
 * that a run has ended, where an event is noted (STOPPED has the highest version, so here both are taken away); and that nobody takes a
 * start over while somebody is at it (two who start at once have one token, so one task, and who came second is `unsure` and gives up
 * nothing).
 */

import { badDays } from './faults.ts'
import type { Command } from './requests.ts'
import type { Sabotage } from './simulate.ts'
import type { Bend } from './world.ts'

type Names = Readonly<Record<string, unknown>>

/** What is not mentioned any more must not be given, says DynamoDB. */
const mentioned = (given: unknown, text: string): { readonly [name: string]: unknown } | undefined => {
  const left = Object.entries((given ?? {}) as Names).filter(([name]) => new RegExp(`${name}(?!\\w)`).test(text))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

/** @param which part of the condition; undefined: all of it @param where of changes that set this, and begin their condition so */
const without =
  (which: string | undefined, where: { readonly sets?: string; readonly begins?: string } = {}): Bend =>
  (command): Command => {
    const { input } = command
    const when = String(input.ConditionExpression ?? '')
    const update = String(input.UpdateExpression ?? '')
    const applies =
      (which === undefined || when.includes(which)) &&
      when.startsWith(where.begins ?? '') &&
      (where.sets === undefined || update.includes(`#${where.sets} =`))
    if (when === '' || !applies) return command
    const {
      ConditionExpression: _,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ...rest
    } = input
    const left = which === undefined ? '' : when.replaceAll(which, anything)
    const text = `${update} ${left}`
    return {
      constructor: command.constructor,
      input: {
        ...rest,
        ...(left !== '' && { ConditionExpression: left }),
        ExpressionAttributeNames: mentioned(names, text),
        ExpressionAttributeValues: mentioned(values, text),
      },
    }
  }

const anything = '(attribute_exists(pk) OR attribute_not_exists(pk))'
const ended = 'NOT (#status IN (:ended0, :ended1, :ended2, :ended3, :ended4))'

const all =
  (...bends: readonly Bend[]): Bend =>
  (command) =>
    bends.reduce((bent, bend) => bend(bent), command)

/** Name → what is taken away. */
export const sabotages: Readonly<Record<string, Sabotage>> = {
  'a run is opened over one that is there': {
    bend: without('attribute_not_exists(pk)', { begins: 'attribute_not_exists(pk)' }),
  },
  'a run is claimed that is not queued': { bend: without('#status = :queued', { sets: 'leaseUntil' }) },
  'a run that has ended is settled, by old news': {
    bend: all(without(ended, { sets: 'taskVersion' }), without('taskVersion < :version')),
  },
  'old news of a task count': { bend: without('taskVersion < :version') },
  // Of what it could undo, the tokens make all good but a last word, and that is rare.
  'whoever has lost its lease gives up': { bend: without('leaseUntil = :lease'), day: badDays.givenUpLate },
  'a run is cancelled as waiting that has a task': {
    bend: without('#status = :queued AND (attribute_not_exists(unsure) OR unsure = :no)', { sets: 'cancelBy' }),
  },
  'a run is cancelled of which nobody knows whether it has a task': {
    bend: without('(attribute_not_exists(unsure) OR unsure = :no)'),
    day: badDays.unsure,
  },
  'what was told is noted as the newest': {
    bend: without('#status = :status', { sets: 'told' }),
    day: badDays.notNoted,
  },
  'two tell at the same time': {
    bend: without('(attribute_not_exists(tellingUntil) OR tellingUntil < :now)'),
    day: badDays.notNoted,
  },
  'a group is changed that somebody else has changed': {
    bend: all(without('rev = :rev'), without('attribute_not_exists(pk)', { sets: 'rev' })),
    day: badDays.slots,
  },
}
