/** What a task runs: a local process or a container. Both are started, watched and ended through this. */

export interface ProgramSpec {
  /** Letters, digits and hyphens; no other program has it. */
  readonly id: string
  readonly command: readonly string[]
  readonly cwd: string | undefined
  readonly image: string | undefined
  /** From the overrides. */
  readonly env: Readonly<Record<string, string>>
  onLine(stream: 'stdout' | 'stderr', text: string): void
}

export interface Program {
  /** Resolves once it has ended with all that it started, and its output has been read. */
  readonly ended: Promise<Ended>
  /** SIGTERM, and SIGKILL after that many milliseconds. May be called again with less. */
  stop(graceMs: number): void
  /** At once and synchronously, for when our own process goes down. */
  kill(): void
}

export type Ended =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'lost'; readonly reason: string }

export type Launched =
  | { readonly kind: 'running'; readonly program: Program }
  /** The reason says what to do about it. */
  | { readonly kind: 'failed-to-start'; readonly reason: string }

/** @param signal gives up a start that takes its time (an image that is pulled) */
export type Launch = (spec: ProgramSpec, signal: AbortSignal) => Promise<Launched>
