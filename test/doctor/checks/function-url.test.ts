import { expect, it } from 'vitest'
import { urlPolicyFaults } from '../../../src/doctor/checks/function-url.ts'

it.each<[string, boolean, Record<string, Record<string, string>> | undefined]>([
  ['lambda:*', true, undefined],
  ['lambda:Invoke*', true, undefined],
  ['lambda:InvokeFunction', true, { Bool: { 'aws:SecureTransport': 'true' } }],
  ['lambda:InvokeFunction', false, { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
])(
  'reports that everyone may invoke the function without its URL, for %s: %s, with the condition %j',
  (Action, expected, Condition) => {
    const statement = { Sid: 'X', Effect: 'Allow', Principal: '*', Action, ...(Condition && { Condition }) } as const
    const faults = urlPolicyFaults({ Statement: [statement] }, 'f')
    expect(faults.some(({ message }) => message.includes('without its URL'))).toBe(expected)
  },
)
