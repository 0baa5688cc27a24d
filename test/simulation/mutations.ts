/**
 * Conditions of the ledger, removed one by one: the simulation must detect each. Two cannot be tested alone, since another safeguard backs
 * them. That a run has not ended when an event is recorded: STOPPED has the highest version, so both conditions are removed. And that a
 * claim is not taken over while its lease lasts: two invocations that start a run have the same token, so there is one task, and the second
 * one marks the run `unsure` and does not give it up.
 */

import { badDays } from './faults.ts'
import type { Command } from './requests.ts'
import type { Mutation } from './simulate.ts'
import type { Mutate } from './world.ts'

type Names = Readonly<Record<string, unknown>>

/** DynamoDB refuses names and values that the expressions do not use. */
const mentioned = (given: unknown, text: string): { readonly [name: string]: unknown } | undefined => {
  const left = Object.entries((given ?? {}) as Names).filter(([name]) => new RegExp(`${name}(?!\\w)`).test(text))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

/** @param which part of the condition; undefined: all of it @param where only changes that set this, and whose condition begins so */
const without =
  (which: string | undefined, where: { readonly sets?: string; readonly begins?: string } = {}): Mutate =>
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
  (...mutates: readonly Mutate[]): Mutate =>
  (command) =>
    mutates.reduce((mutated, mutate) => mutate(mutated), command)

/** By name: what is removed. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a run is opened over an existing one': {
    mutate: without('attribute_not_exists(pk)', { begins: 'attribute_not_exists(pk)' }),
  },
  'a run that is not queued is claimed': { mutate: without('#status = :queued', { sets: 'leaseUntil' }) },
  'an old event changes a run that has ended': {
    mutate: all(without(ended, { sets: 'taskVersion' }), without('taskVersion < :version')),
  },
  'an old event changes a run': { mutate: without('taskVersion < :version') },
  // The tokens prevent most consequences. A wrong last notification remains, and that is rare.
  'an invocation without its lease gives a run up': {
    mutate: without('leaseUntil = :lease'),
    day: badDays.givenUpLate,
  },
  'a run that has a task is cancelled as if it waited': {
    mutate: without('#status = :queued AND (attribute_not_exists(unsure) OR unsure = :no)', { sets: 'cancelBy' }),
  },
  'a run that may have a task is cancelled at once': {
    mutate: without('(attribute_not_exists(unsure) OR unsure = :no)'),
    day: badDays.unsure,
  },
  'an old notification is recorded as the newest': {
    mutate: without('#status = :status', { sets: 'told' }),
    day: badDays.notNoted,
  },
  'two invocations notify at the same time': {
    mutate: without('(attribute_not_exists(tellingUntil) OR tellingUntil < :now)'),
    day: badDays.notNoted,
  },
  'a group is changed over a change of another invocation': {
    mutate: all(without('rev = :rev'), without('attribute_not_exists(pk)', { sets: 'rev' })),
    day: badDays.slots,
  },
}
