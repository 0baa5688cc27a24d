/**
 * A task as a Docker container, through the `docker` command. It is created, started and waited for in separate steps, since the exit
 * code of `docker run` does not distinguish a failure to start from a failure of the program.
 */
import { type ChildProcess, type SpawnOptionsWithStdioTuple, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { messageOf } from '../../core/errors.ts'
import { eachLine } from './each-line.ts'
import { dockerReads } from './parent-env.ts'
import type { LaunchProgram, Program, ProgramExit, ProgramSpec } from './program.ts'

type Env = Readonly<Record<string, string>>

/** @throws {Error} with the error message of `docker` */
async function docker(args: readonly string[], options: { env: Env; signal?: AbortSignal; timeout?: number }) {
  const child = spawn('docker', args, { ...options, ...detached })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  // If docker is not installed, `once` throws first and these rejections are never awaited.
  output.catch(() => undefined)
  const [code] = await once(child, 'close')
  const [stdout, stderr] = await output
  if (code !== 0) throw new Error(errorIn(stderr) ?? `docker ${args[0]} exited with ${code}`)
  return stdout
}

/** In another process group: Ctrl-C in the terminal must not reach `docker`, since taskhook stops the containers itself. */
const detached: SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'> = {
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
}

/** The error among lines about the pull and the help. */
function errorIn(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^Error\b/.test(line)) ?? (lines.at(-1) || undefined)
}

/** @param env what `docker` needs to find its daemon */
export async function isDockerRunning(env: Env): Promise<boolean> {
  try {
    await docker(['version', '--format', '{{.Server.Version}}'], { env, timeout: 3000 })
    return true
  } catch {
    return false
  }
}

/** For specs with an image. */
export const dockerLauncher =
  (dockerEnv: Env): LaunchProgram =>
  async (spec, signal) => {
    const { name, args, env } = createArguments(spec, dockerEnv)
    try {
      await docker(args, { env, signal })
      await docker(['start', name], { env: dockerEnv, signal })
    } catch (error) {
      await remove(name, dockerEnv)
      return { kind: 'failed-to-start', reason: `CannotStartContainerError: ${messageOf(error)}` }
    }
    return { kind: 'running', program: programOf(name, spec, dockerEnv) }
  }

/** Values are passed in the environment of `docker`, since any user of the machine can read its arguments with `ps`. */
export function createArguments({ id, image = '', command, env }: ProgramSpec, dockerEnv: Env) {
  const name = `taskhook-${id}`
  // A variable that docker itself reads must be an argument. In the environment it would change what docker does.
  const flags = Object.entries(env).flatMap(([key, value]) => ['--env', dockerReads(key) ? `${key}=${value}` : key])
  const passed = Object.entries(env).filter(([key]) => !dockerReads(key))
  return {
    name,
    args: ['create', '--name', name, '--log-driver', 'json-file', ...flags, image, ...command],
    env: { ...Object.fromEntries(passed), ...dockerEnv },
  }
}

function programOf(name: string, { onLine }: ProgramSpec, env: Env): Program {
  const logs = spawn('docker', ['logs', '--follow', name], { env, ...detached })
  eachLine(logs.stdout, (line) => onLine('stdout', line))
  eachLine(logs.stderr, (line) => onLine('stderr', line))
  const send = (...args: string[]) => void docker([...args, name], { env }).catch(() => undefined)
  return {
    ended: endOf(name, logs, env),
    stop: (graceMs) => send('stop', '-t', String(Math.ceil(graceMs / 1000))),
    kill: () => void spawnSync('docker', ['rm', '--force', name], { env, stdio: 'ignore', timeout: 5000 }),
  }
}

async function endOf(name: string, logs: ChildProcess, env: Env): Promise<ProgramExit> {
  const logsRead = new Promise((resolve) => logs.once('close', resolve).once('error', resolve))
  try {
    const exitCode = await docker(['wait', name], { env })
    await logsRead
    return { kind: 'exited', exitCode: Number(exitCode) }
  } catch (error) {
    logs.kill()
    return { kind: 'lost', reason: `docker can no longer find ${name}: ${messageOf(error)}` }
  } finally {
    await remove(name, env)
  }
}

const remove = (name: string, env: Env) =>
  docker(['rm', '--force', '--volumes', name], { env }).then(
    () => undefined,
    () => undefined,
  )
