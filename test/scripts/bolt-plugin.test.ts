/** The bundle without Bolt's receivers is small, and it dispatches like the whole one. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { withoutBoltReceivers } from '../../scripts/bolt-plugin.ts'

const root = new URL('../..', import.meta.url).pathname

/** `listeners.ts` and all that it can load, in one file. */
async function bundle(...plugins: readonly Plugin[]) {
  const { outputFiles, metafile } = await build({
    ...{ absWorkingDir: root, entryPoints: ['src/adapters/slack/listeners.ts'], outdir: 'out', write: false },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node24', minify: true, metafile: true },
    plugins: [...plugins],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  )
  return { code: outputFiles[0]?.text ?? '', packages: new Set(packages) }
}

/** Runs in a process of its own what a bundle dispatches. */
function dispatched(code: string, bodies: readonly object[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-bolt-'))
  try {
    writeFileSync(join(folder, 'listeners.mjs'), code)
    const script = `
      import { createListenerDispatch } from './listeners.mjs'
      const dispatchToListener = createListenerDispatch()
      const translations = []
      for (const body of ${JSON.stringify(bodies)}) translations.push((await dispatchToListener(body)) ?? null)
      console.log(JSON.stringify(translations))`
    return JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the bundle', () => {
  let whole: Awaited<ReturnType<typeof bundle>>
  let cut: Awaited<ReturnType<typeof bundle>>
  beforeAll(async () => {
    ;[whole, cut] = await Promise.all([bundle(), bundle(withoutBoltReceivers)])
  })

  it('has no package that only the receivers need', () => {
    for (const name of ['undici', 'iconv-lite', 'jsonwebtoken', 'raw-body', '@slack/oauth', '@slack/socket-mode']) {
      expect(whole.packages).toContain(name)
      expect(cut.packages).not.toContain(name)
    }
    expect([...cut.packages].sort()).toEqual(expect.arrayContaining(['@slack/bolt', '@slack/web-api']))
  })

  it('is below 200 kB, a sixth of the whole one', () => {
    expect(cut.code.length).toBeLessThan(200_000)
    expect(whole.code.length).toBeGreaterThan(6 * cut.code.length)
  })

  it('dispatches commands, buttons and forms like the whole one', () => {
    const user = { id: 'U1', username: 'ann' }
    const metadata = JSON.stringify({ command: '/analyze', params: [] })
    const bodies = [
      { command: '/analyze', text: 'sales', user_id: 'U1', channel_id: 'C1' },
      { type: 'block_actions', user, actions: [{ type: 'button', action_id: 'taskhook:cancel', value: 'x' }] },
      { type: 'block_actions', user, actions: [{ type: 'button', action_id: 'other', value: 'x' }] },
      {
        ...{ type: 'view_submission', user },
        view: { callback_id: 'taskhook:form', private_metadata: metadata, state: { values: {} } },
      },
    ]
    const translations = dispatched(cut.code, bodies)
    expect(translations).toMatchObject([{ kind: 'run' }, { kind: 'action' }, null, { kind: 'run' }])
    expect(translations).toEqual(dispatched(whole.code, bodies))
  })
})
