import { describe, expect, it } from 'vitest'
import { faultHelp } from '../../../src/cli/fault-help.ts'
import { createFaults } from '../../../src/local/faults/fault-injector.ts'
import { faultRows } from '../../../src/local/faults/fault-table.ts'
import { waitingText } from '../../../src/local/faults/fault-text.ts'
import { parseFault } from '../../../src/local/faults/parse-fault.ts'

/** What is asked for, as `taskhook dev` says it. */
const said = (text: string): string => {
  const { fault, times, when } = parseFault(text)
  const faults = createFaults()
  faults.next(fault, times, when)
  const [waiting] = faults.list()
  return waiting === undefined ? 'nothing' : waitingText(waiting)
}

describe('name[:detail][:times][@probability]', () => {
  it.each([
    ['throttle:3', 'RunTask answers 400 ThrottlingException: Rate exceeded, 3 times'],
    ['throttle:StopTask:always', 'StopTask answers 400 ThrottlingException: Rate exceeded, always'],
    ['failure:RESOURCE:CPU:2', 'RunTask answers failures[]: RESOURCE:CPU, 2 times'],
    ['failure', 'RunTask answers failures[]: RESOURCE:ENI, once'],
    ['busy:429', 'RunTask answers 429 TooManyRequestsException: Too Many Requests, once'],
    ['lost-answer', 'RunTask is done, and its answer lost, once'],
    ['slow:400ms', 'RunTask answers 400 ms late, once'],
    ['sidecar:0:2', 'the container sidecar will end with 0, and the task with it, 2 times'],
    ['exit:255', 'the task will end with 255, once'],
    ['event-lost:stopped', 'the event STOPPED is lost, once'],
    ['event-late:2s@20%', 'an event comes 2 s late, in 20 % of cases, always'],
    ['github:500:2', 'github answers 500, 2 times'],
    ['github:500', 'github answers 500, once'],
    ['slack:429', 'slack answers 429 ratelimited, once'],
    ['slack:token_revoked:always', 'slack answers 200 token_revoked, always'],
    ['other:refused', 'the host refuses the connection, once'],
    ['github:3s@0.5', 'github answers 3 s late, in 50 % of cases, always'],
    ['clock:-10m', 'the clock is 600 s behind'],
    ['clock', 'the clock is 400 s ahead'],
    ['message-twice:4', 'the queue delivers a message twice, 4 times'],
  ])('%s: %s', (text, meaning) => {
    expect(said(text)).toBe(meaning)
  })

  it('capacity can be missing in one place only', () => {
    expect(said('capacity:subnet-a:3')).toMatch(/^RunTask answers failures\[\]: Capacity is .*, in subnet-a, 3 times$/)
    expect(parseFault('capacity-error:FARGATE_SPOT').when).toEqual({ capacity: 'FARGATE_SPOT' })
  })

  it.each([
    ['capcity', /there is no fault "capcity"; did you mean "capacity"\?\nthere are: capacity, .*clock$/],
    ['', /there is no fault ""/],
    ['quota:much', /takes no detail, and "much" is one/],
    ['throttle:RunTsk', /"RunTsk" is no action that taskhook calls; did you mean "RunTask"\?\nthere are: RunTask, /],
    ['throttle:0', /once or more/],
    ['slow:soon', /the fault "slow": "soon" is no time; write it like 400ms, 3s or 5m/],
    ['slow:-3s', /less than no time/],
    ['exit:256', /no exit code/],
    ['github:200', /"200" is no answer; write a status from 400 to 599/],
    ['busy:500', /"500" is no answer of that kind; there are 503 and 429/],
    ['event-lost:GONE', /"GONE" is no status/],
    ['capacity@2', /a probability is more than 0, and 1 at most/],
    ['capacity@0', /more than 0/],
    ['capacity@often', /"often" is no probability; write it like @0.2 or @20%/],
  ])('%s is refused, with what to write', (text, message) => {
    expect(() => parseFault(text)).toThrow(message)
  })
})

describe('the table', () => {
  it('has each name once, and each can be asked for as it stands', () => {
    const names = faultRows.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(() => parseFault(name), name).not.toThrow()
  })

  it('fits into 80 columns, and names them all', () => {
    const lines = faultHelp().split('\n')
    expect(lines.filter((line) => line.length > 80 || line.endsWith(' '))).toEqual([])
    for (const { name } of faultRows) expect(faultHelp()).toMatch(new RegExp(`^  ${name}(\\[| )`, 'm'))
  })
})
