/** The command line as people run it: processes of their own, with nothing of the tests' environment in them. */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const main = join(root, 'dist/cli/main.js')

type Env = Readonly<Record<string, string>>

/** Four variables go on to a task. `node_modules/.bin` comes first: it holds the Node that the project brings. */
export const base: Env = {
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  HOME: process.env.HOME ?? '/',
  LANG: 'C.UTF-8',
  TMPDIR: tmpdir(),
}

/** A folder for one test (or for one file, where `keep` is called in its afterAll). */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-test-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** The same, gone when the test is over. */
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

/** Runs a program to its end; what it is given on stdin may be a body with any bytes in it. */
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
    // A program that does not read is no fault of the test.
    child.stdin?.on('error', () => undefined).end(input ?? '')
  })
}

export const taskhook = (args: readonly string[], where?: Where) => run(process.execPath, [main, ...args], where)

export interface Dev {
  readonly url: string
  /** All that it has written so far, to the terminal and to stderr. */
  out(): string
  err(): string
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<number | null>
  /** Ends it and waits. */
  stop(): Promise<void>
}

interface How extends Where {
  readonly args?: readonly string[]
  /** What to start in place of `node dist/cli/main.js`. */
  readonly command?: readonly [string, ...string[]]
}

/** `taskhook dev CONFIG --port 0`, once it listens. @throws {Error} with its output where it does not */
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
  const url = await until(() => {
    const found = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(out + err)?.[1]
    if (found === undefined && ended) throw new Error(`it did not start:\n${out}${err}`)
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

/** The same, ended when the test is over. */
export async function withDev(config: string, how?: How): Promise<Dev> {
  const dev = await startDev(config, how)
  onTestFinished(() => dev.stop())
  return dev
}

/** Looks until it holds. @throws {Error} after `ms` */
export async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>, ms = 15_000) {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

/** An odd number of seconds to sleep: nothing else on this machine has it in its arguments. */
export const marker = (): string => `7${randomInt(10_000_000, 99_999_999)}`

/** Processes, whoever started them, that have the text in their arguments. */
export const processesWith = (text: string): string[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text))

// ── a sender that shares no code with taskhook ────────────────────────────────────────────────────────────────────────────────────────

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** @param key as `openssl dgst -mac HMAC` takes it: `key:text` or `hexkey:00ff` */
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

/** Sends it with curl, and comes back with the status and the body. */
export async function curl(url: string, { headers, body }: Delivery): Promise<Response> {
  const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const args = ['-sS', '-w', '\n%{http_code}', '--data-binary', '@-', ...flags, url]
  const { code, stdout, stderr } = await run('curl', args, {}, body)
  if (code !== 0) throw new Error(`curl ended with ${code}: ${stderr}`)
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

/** Every status that `GET statusUrl` gave until the run had ended. */
export async function watch(statusUrl: string): Promise<{ last: RunBody; seen: string[] }> {
  const seen: string[] = []
  const last = await until(async () => {
    const view = runOf(await curlGet(statusUrl))
    if (seen.at(-1) !== view.status) seen.push(view.status)
    return ['queued', 'starting', 'running'].includes(view.status) ? undefined : view
  })
  return { last, seen }
}
