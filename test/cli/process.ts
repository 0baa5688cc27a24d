/** Runs the command line as people do: in separate processes, without the environment of the tests. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { eventually } from '../support/eventually.ts'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const main = join(root, 'dist/cli/main.js')

type Env = Readonly<Record<string, string>>

/** The four variables that tasks get. `node_modules/.bin` comes first, since it has the project's own Node. */
export const base: Env = {
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  HOME: process.env.HOME ?? '/',
  LANG: 'C.UTF-8',
  TMPDIR: tmpdir(),
}

/** A temporary folder. The caller removes it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-test-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** A temporary folder that is removed after the test. */
export function scratch(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = folderOf(files)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

interface Where {
  readonly cwd?: string
  readonly env?: Env
}

/** Runs a program to its end. @param input for stdin */
export function run(file: string, args: readonly string[], { cwd = root, env = {} }: Where = {}, input?: string) {
  return new Promise<Ran>((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { cwd, env: { ...base, ...env }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error)
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
      },
    )
    // Not every program reads its stdin.
    child.stdin?.on('error', () => undefined).end(input ?? '')
  })
}

export const taskhook = (args: readonly string[], where?: Where) => run(process.execPath, [main, ...args], where)

export interface Dev {
  readonly url: string
  /** Everything that it has written to stdout. */
  out(): string
  /** Everything that it has written to stderr. */
  err(): string
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<number | null>
  /** Stops it and waits for its exit. */
  stop(): Promise<void>
}

interface How extends Where {
  readonly args?: readonly string[]
  /** Default: `node dist/cli/main.js`. */
  readonly command?: readonly [string, ...string[]]
}

/** Starts `taskhook dev CONFIG --port 0` and waits until it listens. @throws {Error} with its output if it exits */
export async function startDev(config: string, { args = ['--port', '0'], command, cwd = root, env = {} }: How = {}) {
  const [file, ...first] = command ?? [process.execPath, main]
  const child = spawn(file, [...first, 'dev', config, ...args], { cwd, env: { ...base, ...env } })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  let ended = false
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ended = true
      resolve(code)
    })
  })
  const url = await eventually(() => {
    const found = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(out + err)?.[1]
    if (found === undefined && ended) throw new Error(`taskhook dev did not start:\n${out}${err}`)
    return found
  }, 60_000)
  const dev: Dev = {
    url,
    out: () => out,
    err: () => err,
    kill: (signal) => void child.kill(signal),
    exited,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
  return dev
}

/** The same, stopped after the test. */
export async function withDev(config: string, how?: How): Promise<Dev> {
  const dev = await startDev(config, how)
  onTestFinished(() => dev.stop())
  return dev
}

/** A number of seconds to sleep that no other process on this machine has in its arguments. */
export const marker = (): string => `7${randomInt(10_000_000, 99_999_999)}`

/** All processes of this machine that have the text in their arguments. */
export const processesWith = (text: string): string[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text))

// A sender that shares no code with taskhook: openssl signs, curl sends.

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** @param key in the format of `openssl dgst -mac HMAC`: `key:text` or `hexkey:00ff` */
export const openssl = (key: string, content: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  execFileSync('openssl', ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', key, '-binary'], { input: content }).toString(
    encoding,
  )

const seconds = (): string => String(Math.floor(Date.now() / 1000))
const json = { 'content-type': 'application/json' }

export const sign = {
  /** `{ header: x-signature, algorithm: sha256, encoding: hex }` */
  plain: (secret: string, body: string): Delivery => ({
    headers: { ...json, 'x-signature': openssl(`key:${secret}`, body) },
    body,
  }),
  standard(secret: string, body: string, id: string): Delivery {
    const key = `hexkey:${Buffer.from(secret.replace('whsec_', ''), 'base64').toString('hex')}`
    const at = seconds()
    const signature = `v1,${openssl(key, `${id}.${at}.${body}`, 'base64')}`
    return {
      headers: { ...json, 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature },
      body,
    }
  },
  slack(secret: string, fields: Readonly<Record<string, string>>): Delivery {
    const body = new URLSearchParams({
      user_id: 'U1',
      channel_id: 'C1',
      response_url: 'https://hooks.slack.com/commands/T1/1/x',
      trigger_id: `${Date.now()}.${randomInt(1_000_000)}`,
      ...fields,
    }).toString()
    const at = seconds()
    return {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${openssl(`key:${secret}`, `v0:${at}:${body}`)}`,
      },
      body,
    }
  },
  github: (secret: string, event: string, payload: unknown): Delivery => {
    const body = JSON.stringify(payload)
    return {
      headers: {
        ...json,
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${openssl(`key:${secret}`, body)}`,
      },
      body,
    }
  },
}

export interface Response {
  readonly status: number
  readonly body: string
}

/** Sends a delivery with curl. */
export async function curl(url: string, { headers, body }: Delivery): Promise<Response> {
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const args = ['-sS', '-w', '\n%{http_code}', '--data-binary', '@-', ...flags, url]
  const { code, stdout, stderr } = await run('curl', args, {}, body)
  if (code !== 0) throw new Error(`curl exited with ${code}: ${stderr}`)
  const at = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

export async function curlGet(url: string): Promise<Response> {
  const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', url])
  const at = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

export interface RunBody {
  readonly run: string
  readonly task: string
  readonly status: string
  readonly statusUrl: string
  readonly exitCode?: number
}

export const runOf = ({ body }: Response): RunBody => JSON.parse(body) as RunBody

/** Polls the status URL until the run has ended. `seen` has each status once. */
export async function watch(statusUrl: string): Promise<{ last: RunBody; seen: string[] }> {
  const seen: string[] = []
  const last = await eventually(async () => {
    const view = runOf(await curlGet(statusUrl))
    if (seen.at(-1) !== view.status) seen.push(view.status)
    return ['queued', 'starting', 'running'].includes(view.status) ? undefined : view
  })
  return { last, seen }
}
