/** Which variables of taskhook's environment tasks and `docker` get. An allow-list, since the environment holds secrets. */

type Env = Readonly<Record<string, string | undefined>>

const pick = (env: Env, wanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])),
  )

const forPrograms = new Set(['PATH', 'HOME', 'LANG', 'TMPDIR'])

/** Whether the `docker` command reads this variable itself. */
export const dockerReads = (name: string): boolean =>
  ['PATH', 'HOME', 'SSH_AUTH_SOCK'].includes(name) || name.startsWith('DOCKER_') || /^(https?|no)_proxy$/i.test(name)

export interface ParentEnv {
  /** For local processes, in addition to their overrides. */
  readonly program: Record<string, string>
  /** For the `docker` command, to find its daemon. Containers do not get these. */
  readonly docker: Record<string, string>
}

export const parentEnv = (env: Env): ParentEnv => ({
  program: pick(env, (name) => forPrograms.has(name)),
  docker: pick(env, dockerReads),
})
