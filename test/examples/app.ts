/** Starts examples/web-app-button/server.mjs as its README says, in front of a `taskhook dev`. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { base, root } from '../cli/process.ts'
import { eventually } from '../support/eventually.ts'

const folder = join(root, 'examples/web-app-button')
export const config = join(folder, 'taskhook.yaml')
export const devEnv = parseEnv(readFileSync(join(folder, 'dev.env'), 'utf8')) as {
  readonly TASKHOOK_URL: string
  readonly TASKHOOK_SECRET: string
}

export interface App {
  readonly url: string
  err(): string
  stop(): Promise<void>
}

/** @param taskhook its base URL @param env overrides dev.env, for example its secret */
export async function startApp(taskhook: string, env: Readonly<Record<string, string>> = {}): Promise<App> {
  const child = spawn(process.execPath, [`--env-file=${join(folder, 'dev.env')}`, join(folder, 'server.mjs')], {
    // Node gives the environment precedence over --env-file.
    env: { ...base, APP_PORT: '0', TASKHOOK_URL: `${taskhook}/web-app`, ...env },
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  let ended = false
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true
      resolve()
    })
  })
  const url = await eventually(() => {
    if (ended) throw new Error(`it did not start:\n${out}${err}`)
    return /^listening on (\S+)$/m.exec(out)?.[1]
  })
  return {
    url,
    err: () => err,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
