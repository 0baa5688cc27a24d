/** What of our own environment goes on. An allow-list: the bridge's secrets are in there. */

type Env = Readonly<Record<string, string | undefined>>

const pick = (env: Env, wanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && wanted(name) ? [[name, value]] : [])),
  )

const forPrograms = new Set(['PATH', 'HOME', 'LANG', 'TMPDIR'])

/** Whether the `docker` command looks at that variable itself. */
export const dockerReads = (name: string): boolean =>
  ['PATH', 'HOME', 'SSH_AUTH_SOCK'].includes(name) || name.startsWith('DOCKER_') || /^(https?|no)_proxy$/i.test(name)

export interface ParentEnv {
  /** What a local process gets besides its overrides. */
  readonly program: Record<string, string>
  /** What the `docker` command needs to find its daemon; containers get none of it. */
  readonly docker: Record<string, string>
}

export const parentEnv = (env: Env): ParentEnv => ({
  program: pick(env, (name) => forPrograms.has(name)),
  docker: pick(env, dockerReads),
})
