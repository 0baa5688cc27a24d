/** ECS task → why it stopped, as data. `text/stop-reasons.ts` puts it into words. Pure. */
import type { EcsTask } from './ecs-task.ts'

/** Reasons that taskhook gives to StopTask, so that the task's event says why it was stopped. */
export const stopTaskReasons = { timeout: 'taskhook: timed out', cancel: 'taskhook: cancelled' } as const

/** The reason for StopTask that names who cancelled the run. */
export const cancelReasonFor = (by: string): string => `${stopTaskReasons.cancel} by ${by}`

export type StopCause =
  /** Somebody cancelled the run, and taskhook stopped its task. */
  | { readonly kind: 'cancelled'; readonly by: string }
  /** AWS stopped it; its stop code says why. */
  | { readonly kind: StopCodeCause }
  /** The message of ECS, and the problem that it describes, if taskhook knows it. */
  | { readonly kind: 'message'; readonly problem?: AwsProblem; readonly words: string }
  /** Another essential container ended, and the task with it. */
  | { readonly kind: 'other-container'; readonly name: string; readonly exitCode: number }
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'unknown' }

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
const stopCodes = {
  SpotInterruption: 'spot-interruption',
  TerminationNotice: 'maintenance',
  ServiceSchedulerInitiated: 'service',
} as const satisfies Readonly<Record<string, string>>
type StopCodeCause = (typeof stopCodes)[keyof typeof stopCodes]

const isStopCode = (code: string | undefined): code is keyof typeof stopCodes =>
  code !== undefined && Object.hasOwn(stopCodes, code)

export type AwsProblem = 'image' | 'setup' | 'network-interface' | 'container-start' | 'memory'

/** How AWS's messages begin, or what they mention. */
const problems: readonly (readonly [RegExp, AwsProblem])[] = [
  [/^CannotPull/, 'image'],
  [/^ResourceInitializationError/, 'setup'],
  [/network interface|\beni\b/i, 'network-interface'],
  [/^(CannotStart|CannotCreate|CannotInspect|ContainerRuntime)/, 'container-start'],
  [/^OutOfMemory/, 'memory'],
]

/** A program that a signal ended has exit code 128 + its number: https://man7.org/linux/man-pages/man7/signal.7.html */
const signals: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  132: 'SIGILL',
  134: 'SIGABRT',
  135: 'SIGBUS',
  136: 'SIGFPE',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  141: 'SIGPIPE',
  143: 'SIGTERM',
}

/** What follows if Spot takes back the capacity of a run whose route says `rerun`. */
export type InterruptionSequel = { readonly kind: 'rerun' } | { readonly kind: 'given-up'; readonly reruns: number }

type Container = NonNullable<EcsTask['containers']>[number]

/** What ECS says of every task in which an essential container ended: the exit code says more. */
const containerExited = 'Essential container in task exited'

/** @param container the run's own; undefined: the task does not have it */
export function stopCauseOf(task: EcsTask, container: Container | undefined): StopCause {
  const cancelled = cancelReasonFor('')
  if (task.stoppedReason?.startsWith(cancelled))
    return { kind: 'cancelled', by: task.stoppedReason.slice(cancelled.length) }
  if (isStopCode(task.stopCode)) return { kind: stopCodes[task.stopCode] }
  const said = [container?.reason, task.stoppedReason]
    .filter((text) => text !== undefined)
    .filter((text) => text !== '')
  const words = said.filter((text) => text !== containerExited)
  if (words.length === 0) return exitCauseOf(task, container) ?? wordsOf(said)
  const problem = words.map((text) => problems.find(([pattern]) => pattern.test(text))?.[1]).find(Boolean)
  return { kind: 'message', ...(problem !== undefined && { problem }), words: words.join('; ') }
}

const wordsOf = ([first]: readonly string[]): StopCause =>
  first === undefined ? { kind: 'unknown' } : { kind: 'message', words: first }

function exitCauseOf({ containers = [], stopCode }: EcsTask, container: Container | undefined): StopCause | undefined {
  const code = container?.exitCode
  const signal = code === undefined ? undefined : signals[code]
  // A container that has no exit code or was ended by a signal was stopped together with the task, so another one ended first.
  const other =
    stopCode === 'EssentialContainerExited' && (code === undefined || signal !== undefined)
      ? containers.find((each) => each.name !== container?.name && isOwn(each) && each.exitCode !== undefined)
      : undefined
  if (other?.exitCode !== undefined)
    return { kind: 'other-container', name: other.name ?? '', exitCode: other.exitCode }
  if (code === undefined) return undefined
  return signal === undefined ? { kind: 'exit', exitCode: code } : { kind: 'signal', signal }
}

/** AWS injects containers of its own and stops them together with the task. */
const isOwn = ({ name = '' }: Container): boolean => !name.startsWith('aws-')
