import { describe, expect, it } from 'vitest'
import { faultHelp } from '../../../src/cli/fault-help.ts'
import { createFaultInjector } from '../../../src/local/faults/fault-injector.ts'
import { faultDefinitions } from '../../../src/local/faults/fault-table.ts'
import { pendingFaultText } from '../../../src/local/faults/fault-text.ts'
import { parseFault } from '../../../src/local/faults/parse-fault.ts'

/** The fault as `taskhook dev` prints it. */
const printed = (text: string): string => {
  const { fault, times, filter } = parseFault(text)
  const faults = createFaultInjector()
  faults.inject(fault, times, filter)
  const [waiting] = faults.pending()
  return waiting === undefined ? 'nothing' : pendingFaultText(waiting)
}

describe('parseFault', () => {
  it.each([
    ['throttle:3', 'RunTask returns 400 ThrottlingException: Rate exceeded, 3 times'],
    ['throttle:StopTask:always', 'StopTask returns 400 ThrottlingException: Rate exceeded, always'],
    ['failure:RESOURCE:CPU:2', 'RunTask returns failures[]: RESOURCE:CPU, 2 times'],
    ['failure', 'RunTask returns failures[]: RESOURCE:ENI, once'],
    ['busy:429', 'RunTask returns 429 TooManyRequestsException: Too Many Requests, once'],
    ['lost-answer', 'RunTask succeeds, but its response is lost, once'],
    ['slow:400ms', 'RunTask responds 400 ms late, once'],
    ['sidecar:0:2', 'the container sidecar exits with 0, which stops the task, 2 times'],
    ['exit:255', 'the container exits with 255, once'],
    ['event-lost:stopped', 'the STOPPED event is lost, once'],
    ['event-late:2s@20%', 'an event is delivered 2 s late, in 20 % of cases, always'],
    ['github:500:2', 'github returns 500, 2 times'],
    ['github:500', 'github returns 500, once'],
    ['slack:429', 'slack returns 429 ratelimited, once'],
    ['slack:token_revoked:always', 'slack returns 200 token_revoked, always'],
    ['other:refused', 'the callback host refuses the connection, once'],
    ['github:3s@0.5', 'github responds 3 s late, in 50 % of cases, always'],
    ['clock:-10m', 'the clock is 600 s behind'],
    ['clock', 'the clock is 400 s ahead'],
    ['message-twice:4', 'the queue delivers a message twice, 4 times'],
  ])('parses %s as: %s', (text, meaning) => {
    expect(printed(text)).toBe(meaning)
  })

  it('limits capacity faults to a subnet or a capacity provider', () => {
    expect(printed('capacity:subnet-a:3')).toMatch(
      /^RunTask returns failures\[\]: Capacity is .*, in subnet-a, 3 times$/,
    )
    expect(parseFault('capacity-error:FARGATE_SPOT').filter).toEqual({ capacity: 'FARGATE_SPOT' })
  })

  it.each([
    ['capcity', /unknown fault "capcity"; did you mean "capacity"\?\navailable: capacity, .*clock$/],
    ['', /unknown fault ""/],
    ['quota:much', /takes no detail, but has "much"/],
    [
      'throttle:RunTsk',
      /"RunTsk" is not an ECS action that taskhook calls; did you mean "RunTask"\?\navailable: RunTask, /,
    ],
    ['throttle:0', /must be a positive integer/],
    ['slow:soon', /the fault "slow": "soon" is not a duration; use a value like 400ms, 3s or 5m/],
    ['slow:-3s', /"-3s" is negative/],
    ['exit:256', /not an exit code/],
    ['github:200', /"200" is not a valid response; use a status from 400 to 599/],
    ['busy:500', /"500" is not a valid status; use 503 or 429/],
    ['event-lost:GONE', /"GONE" is not the status of an event/],
    ['capacity@2', /a probability must be greater than 0 and at most 1/],
    ['capacity@0', /greater than 0/],
    ['capacity@often', /"often" is not a probability; use a value like @0.2 or @20%/],
  ])('rejects %s, with what to write', (text, message) => {
    expect(() => parseFault(text)).toThrow(message)
  })
})

describe('the table of faults', () => {
  it('has unique names, each of which can be used without a detail', () => {
    const names = faultDefinitions.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(() => parseFault(name), name).not.toThrow()
  })

  it('is printed within 80 columns, with every name', () => {
    const lines = faultHelp().split('\n')
    expect(lines.filter((line) => line.length > 80 || line.endsWith(' '))).toEqual([])
    for (const { name } of faultDefinitions) expect(faultHelp()).toMatch(new RegExp(`^  ${name}(\\[| )`, 'm'))
  })
})
