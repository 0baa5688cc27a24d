/** The interface of what a task runs: a local process or a Docker container. */

export interface ProgramSpec {
  /** Unique. Letters, digits and hyphens. */
  readonly id: string
  readonly command: readonly string[]
  readonly cwd: string | undefined
  readonly image: string | undefined
  /** From RunTask's overrides. */
  readonly env: Readonly<Record<string, string>>
  onLine(stream: 'stdout' | 'stderr', text: string): void
}

export interface Program {
  /** Resolves when the program and its children have ended and all output has been read. */
  readonly ended: Promise<ProgramExit>
  /** Sends SIGTERM, and SIGKILL after `graceMs` milliseconds. It can be called again with a shorter time. */
  stop(graceMs: number): void
  /** Ends it at once and synchronously, for the exit of taskhook's own process. */
  kill(): void
}

export type ProgramExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'lost'; readonly reason: string }

export type LaunchResult =
  | { readonly kind: 'running'; readonly program: Program }
  /** The reason says how to fix it. */
  | { readonly kind: 'failed-to-start'; readonly reason: string }

/** @param signal aborts a start that takes long, such as one that pulls an image */
export type LaunchProgram = (spec: ProgramSpec, signal: AbortSignal) => Promise<LaunchResult>
