/**
 * A task as a container, by the `docker` command. Created, started and waited for in steps of their own, since `docker run` answers
 * with one number for what went wrong before the program and in it.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { eachLine } from './lines.ts'
import type { Ended, Launch, Program, ProgramSpec } from './program.ts'

const exec = promisify(execFile)

type Env = Readonly<Record<string, string>>

/** @param env what `docker` needs to find its daemon */
export async function dockerAnswers(env: Env): Promise<boolean> {
  try {
    await exec('docker', ['version', '--format', '{{.Server.Version}}'], { env, timeout: 3000 })
    return true
  } catch {
    return false
  }
}

/** @param image the spec's own; one without never comes here */
export const dockerLauncher =
  (docker: Env): Launch =>
  async (spec, signal) => {
    const { name, args, env } = createArguments(spec, docker)
    try {
      await exec('docker', args, { env, signal })
      await exec('docker', ['start', name], { env: docker, signal })
    } catch (error) {
      await remove(name, docker)
      return { kind: 'failed-to-start', reason: `CannotStartContainerError: ${complaintOf(error)}` }
    }
    return { kind: 'running', program: programOf(name, spec, docker) }
  }

/** Values go through the environment of `docker`: its arguments can be read by everybody with `ps`. */
export function createArguments({ id, image = '', command, env }: ProgramSpec, docker: Env) {
  const name = `taskhook-${id}`
  // A name that docker itself reads has to go in as an argument, or it would change what docker does.
  const flags = Object.entries(env).flatMap(([key, value]) => ['--env', key in docker ? `${key}=${value}` : key])
  return {
    name,
    args: ['create', '--name', name, '--log-driver', 'json-file', ...flags, image, ...command],
    env: { ...env, ...docker },
  }
}

function programOf(name: string, { onLine }: ProgramSpec, env: Env): Program {
  const logs = spawn('docker', ['logs', '--follow', name], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  eachLine(logs.stdout, (line) => onLine('stdout', line))
  eachLine(logs.stderr, (line) => onLine('stderr', line))
  const tell = (...args: string[]) => void exec('docker', [...args, name], { env }).catch(() => undefined)
  return {
    ended: endOf(name, logs, env),
    stop: (graceMs) => tell('stop', '-t', String(Math.ceil(graceMs / 1000))),
    kill: () => void spawnSync('docker', ['rm', '--force', name], { env, stdio: 'ignore', timeout: 5000 }),
  }
}

async function endOf(name: string, logs: ChildProcess, env: Env): Promise<Ended> {
  const read = new Promise((resolve) => logs.once('close', resolve).once('error', resolve))
  try {
    const { stdout } = await exec('docker', ['wait', name], { env })
    await read
    return { kind: 'exited', exitCode: Number(stdout) }
  } catch (error) {
    logs.kill()
    return { kind: 'lost', reason: `docker no longer answers for ${name}: ${complaintOf(error)}` }
  } finally {
    await remove(name, env)
  }
}

const remove = (name: string, env: Env) =>
  exec('docker', ['rm', '--force', '--volumes', name], { env }).then(
    () => undefined,
    () => undefined,
  )

/** Around the line that says what was wrong, `docker` tells of the pull and of its own help. */
function complaintOf(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { readonly stderr?: string; readonly message?: string }
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^Error\b/.test(line)) ?? (lines.at(-1) || message)
}
