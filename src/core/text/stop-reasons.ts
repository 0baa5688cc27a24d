/** Why a run ended or its task stopped, in words for the sender. Pure. */
import type { AwsProblem, InterruptionSequel, StopCause } from '../model/stop-cause.ts'

const problems: Readonly<Record<AwsProblem, string>> = {
  image: 'the image could not be pulled',
  setup: 'its secrets, log, network or volumes could not be set up',
  'network-interface': 'it did not get a network interface',
  'container-start': 'the container could not be started',
  memory: 'out of memory',
}

export const cancelledText = (by: string): string => `cancelled by ${by}`
export const rejectedText = (by: string): string => `rejected by ${by}`

export function stopReasonText(cause: StopCause): string {
  switch (cause.kind) {
    case 'cancelled':
      return cancelledText(cause.by)
    case 'spot-interruption':
      return 'Spot took its capacity back'
    case 'maintenance':
      return 'AWS stopped it for maintenance'
    case 'service':
      return 'an ECS service stopped it'
    case 'message':
      return cause.problem === undefined ? cause.words : `${problems[cause.problem]}: ${cause.words}`
    case 'other-container':
      return `the container ${cause.name} exited with ${cause.exitCode}, which ended the task`
    case 'exit':
      return `the container exited with ${cause.exitCode}`
    case 'signal':
      return `the container was ended by ${cause.signal}`
    case 'unknown':
      return 'the task stopped'
  }
}

/** What follows an interruption. */
export const sequelText = (sequel: InterruptionSequel): string =>
  sequel.kind === 'rerun' ? 'it runs again' : `it was run again ${sequel.reruns} times`

export const vanishedText = 'ECS no longer knows the task, and no event reported how it ended'
