/** What `doctor` finds in unusual policies and rules that AWS accepts. */
import { expect, it } from 'vitest'
import { ruleFaults } from '../../src/doctor/checks/events.ts'
import { urlFaults } from '../../src/doctor/checks/url.ts'

type Condition = Record<string, Record<string, string>>

const isOpenPastItsUrl = (Action: string, Condition?: Condition) =>
  urlFaults(
    { Statement: [{ Sid: 'X', Effect: 'Allow', Principal: '*', Action, ...(Condition && { Condition }) }] },
    'f',
  ).some(({ message }) => message.includes('past its URL'))

it.each<[string, string, Condition | undefined, boolean]>([
  ['lambda:*', 'no condition', undefined, true],
  ['lambda:Invoke*', 'no condition', undefined, true],
  ['lambda:InvokeFunction', 'an unrelated condition', { Bool: { 'aws:SecureTransport': 'true' } }, true],
  ['lambda:InvokeFunction', 'the URL’s condition', { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }, false],
])('a statement that allows everyone %s with %s', (action, _name, condition, isOpen) => {
  expect(isOpenPastItsUrl(action, condition)).toBe(isOpen)
})

it('reads a rule whose pattern is not a list of clusters', () => {
  const EventPattern = JSON.stringify({ source: ['aws.ecs'], detail: { clusterArn: { x: ['y'] } } })
  const faults = ruleFaults([{ Name: 'odd', State: 'ENABLED', EventPattern, $metadata: {} }], ['arn'])
  expect(faults.map(({ message }) => message)).toContainEqual(expect.stringContaining('reach nobody'))
})
