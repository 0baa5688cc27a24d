import { expect, it } from 'vitest'
import { ruleFaults } from '../../../src/doctor/checks/events.ts'

it('does not crash on a rule whose pattern has an unexpected shape', () => {
  const EventPattern = JSON.stringify({ source: ['aws.ecs'], detail: { clusterArn: { x: ['y'] } } })
  const faults = ruleFaults([{ Name: 'odd', State: 'ENABLED', EventPattern, $metadata: {} }], ['arn'])
  expect(faults.map(({ message }) => message)).toContain('no rule sends events of the cluster arn to settle')
})
