/**
 * A task as a container, by the `docker` command. Created, started and waited for in steps of their own, since `docker run` answers
 * with one number for what went wrong before the program and in it.
 */
import { type ChildProcess, type SpawnOptionsWithStdioTuple, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { messageOf } from '../../core/errors.ts'
import { eachLine } from './each-line.ts'
import { dockerReads } from './parent-env.ts'
import type { Ended, Launch, Program, ProgramSpec } from './program.ts'

type Env = Readonly<Record<string, string>>

/** @throws an Error with what `docker` complained of */
async function run(args: readonly string[], options: { env: Env; signal?: AbortSignal; timeout?: number }) {
  const child = spawn('docker', args, { ...options, ...apart })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  // Where docker is not even there, nobody comes to read this.
  output.catch(() => undefined)
  const [code] = await once(child, 'close')
  const [stdout, stderr] = await output
  if (code !== 0) throw new Error(complaintIn(stderr) ?? `docker ${args[0]} ended with ${code}`)
  return stdout
}

/** A Ctrl-C in the terminal reaches its whole process group; containers are ended by us, in order. */
const apart: SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'> = {
  detached: true,
  stdio: ['ignore', 'pipe', 'pipe'],
}

/** Around the line that says what was wrong, `docker` tells of the pull and of its own help. */
function complaintIn(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n')
  return lines.find((line) => /^Error\b/.test(line)) ?? (lines.at(-1) || undefined)
}

/** @param env what `docker` needs to find its daemon */
export async function dockerAnswers(env: Env): Promise<boolean> {
  try {
    await run(['version', '--format', '{{.Server.Version}}'], { env, timeout: 3000 })
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
      await run(args, { env, signal })
      await run(['start', name], { env: docker, signal })
    } catch (error) {
      await remove(name, docker)
      return { kind: 'failed-to-start', reason: `CannotStartContainerError: ${messageOf(error)}` }
    }
    return { kind: 'running', program: programOf(name, spec, docker) }
  }

/** Values go through the environment of `docker`: its arguments can be read by everybody with `ps`. */
export function createArguments({ id, image = '', command, env }: ProgramSpec, docker: Env) {
  const name = `taskhook-${id}`
  // A name that docker itself reads has to go in as an argument, or it would change what docker does.
  const flags = Object.entries(env).flatMap(([key, value]) => ['--env', dockerReads(key) ? `${key}=${value}` : key])
  const quiet = Object.entries(env).filter(([key]) => !dockerReads(key))
  return {
    name,
    args: ['create', '--name', name, '--log-driver', 'json-file', ...flags, image, ...command],
    env: { ...Object.fromEntries(quiet), ...docker },
  }
}

function programOf(name: string, { onLine }: ProgramSpec, env: Env): Program {
  const logs = spawn('docker', ['logs', '--follow', name], { env, ...apart })
  eachLine(logs.stdout, (line) => onLine('stdout', line))
  eachLine(logs.stderr, (line) => onLine('stderr', line))
  const tell = (...args: string[]) => void run([...args, name], { env }).catch(() => undefined)
  return {
    ended: endOf(name, logs, env),
    stop: (graceMs) => tell('stop', '-t', String(Math.ceil(graceMs / 1000))),
    kill: () => void spawnSync('docker', ['rm', '--force', name], { env, stdio: 'ignore', timeout: 5000 }),
  }
}

async function endOf(name: string, logs: ChildProcess, env: Env): Promise<Ended> {
  const read = new Promise((resolve) => logs.once('close', resolve).once('error', resolve))
  try {
    const exitCode = await run(['wait', name], { env })
    await read
    return { kind: 'exited', exitCode: Number(exitCode) }
  } catch (error) {
    logs.kill()
    return { kind: 'lost', reason: `docker no longer answers for ${name}: ${messageOf(error)}` }
  } finally {
    await remove(name, env)
  }
}

const remove = (name: string, env: Env) =>
  run(['rm', '--force', '--volumes', name], { env }).then(
    () => undefined,
    () => undefined,
  )
