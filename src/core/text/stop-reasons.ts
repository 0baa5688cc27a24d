import type { EcsTask } from '../model/ecs-task.ts'

/** Reasons that we give to StopTask, so that the event of the stop says why. */
export const stopReasons = { timeout: 'taskhook: timed out', cancel: 'taskhook: cancelled' } as const

type Container = NonNullable<EcsTask['containers']>[number]

/** What AWS says first, and what it means. */
const causes: readonly (readonly [RegExp, string])[] = [
  [/^CannotPull/, 'the image could not be pulled'],
  [/^ResourceInitializationError/, 'its secrets, log, network or volumes could not be set up'],
  [/network interface|\beni\b/i, 'it got no network interface'],
  [/^(CannotStart|CannotCreate|CannotInspect|ContainerRuntime)/, 'the container could not be started'],
  [/^OutOfMemory/, 'out of memory'],
]

/** Where AWS's own words say no more than its code. */
const codes: Readonly<Record<string, string>> = {
  SpotInterruption: 'Spot took its capacity back',
  TerminationNotice: 'AWS stopped it to maintain what it ran on',
  ServiceSchedulerInitiated: 'an ECS service stopped it',
}

/** https://man7.org/linux/man-pages/man7/signal.7.html: 128 is added to the number of the signal that ended a program. */
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

/** @param container the one that is the run's, where the task has it */
export function stopReasonText(task: EcsTask, container: Container | undefined): string {
  if (task.stoppedReason?.startsWith(`${stopReasons.cancel} by `)) return task.stoppedReason.replace(/^taskhook: /, '')
  const known = codes[task.stopCode ?? '']
  if (known !== undefined) return known
  const said = [container?.reason, task.stoppedReason].filter((text) => text !== undefined && text !== '')
  const telling = said.filter((text) => text !== 'Essential container in task exited')
  const cause = telling.map((text) => causes.find(([pattern]) => pattern.test(text ?? ''))?.[1]).find(Boolean)
  if (telling.length > 0) return [cause, telling.join('; ')].filter(Boolean).join(': ')
  return exitText(task, container) ?? said[0] ?? 'the task stopped'
}

function exitText({ containers = [], stopCode }: EcsTask, container: Container | undefined): string | undefined {
  const code = container?.exitCode
  const signal = code === undefined ? undefined : signals[code]
  // One that was taken down with the task did not end it.
  const other =
    stopCode === 'EssentialContainerExited' && (code === undefined || signal !== undefined)
      ? containers.find((each) => each.name !== container?.name && isOwn(each) && each.exitCode !== undefined)
      : undefined
  if (other !== undefined) return `the container ${other.name} exited with ${other.exitCode}, which ended the task`
  if (code === undefined) return undefined
  return signal === undefined ? `the container exited with ${code}` : `the container was ended by ${signal}`
}

/** AWS injects containers of its own, and takes them down with the task. */
const isOwn = ({ name = '' }: Container): boolean => !name.startsWith('aws-')
