/** Runs the console steps of README and docs/getting-started.md as written, except for the port, which can be in use. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, read } from '../docs/markdown.ts'
import { eventually } from '../support/eventually.ts'
import { type Dev, folderOf, main, run, startDev } from './process.ts'

/** A folder with the config of the document, and taskhook as npm installs it. */
function installed(document: string, file: string): string {
  const config = blocksOf(read(document), 'yaml').find(({ text }) => text.includes('sources:'))?.text ?? ''
  const folder = folderOf({ [file]: config })
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true })
  symlinkSync(main, join(folder, 'node_modules/.bin/taskhook'))
  return folder
}

/** The commands and the output of the first console block that contains the text. */
function step(document: string, text: string): { script: string; shown: string[] } {
  const content = blocksOf(read(document), 'console').find((block) => block.text.includes(text))?.text ?? ''
  const lines = content.trimEnd().split('\n')
  return {
    script: lines.flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : [])).join('\n'),
    shown: lines.filter((line) => !line.startsWith('$ ')),
  }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  const port = await eventually(() => (server.address() as { port: number } | null)?.port)
  await new Promise((resolve) => server.close(resolve))
  return String(port)
}

/** Variables that the script sets. */
const variablesOf = (script: string): Record<string, string> =>
  Object.fromEntries([...script.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))

describe.each([
  ['docs/getting-started.md', 'my.yaml'],
  ['README.md', 'taskhook.yaml'],
])('%s', (document, file) => {
  let folder: string
  let port: string
  let dev: Dev
  beforeAll(async () => {
    folder = installed(document, file)
    port = await freePort()
    const { script } = step(document, 'taskhook dev')
    expect(script).toContain(`npx taskhook dev ${file}`)
    dev = await startDev(file, {
      cwd: folder,
      command: ['npx', 'taskhook'],
      args: [],
      env: { ...variablesOf(script), PORT: port },
    })
  })
  afterAll(async () => {
    await dev?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const bash = async (script: string) => {
    const variables = document === 'README.md' ? variablesOf(step(document, 'taskhook dev').script) : {}
    writeFileSync(join(folder, 'step.sh'), script.replaceAll('8787', port))
    const { stdout, stderr } = await run('bash', ['step.sh'], { cwd: folder, env: { ...variables, PORT: port } })
    return (stdout + stderr).trimEnd().replaceAll(port, '8787')
  }

  it('dev prints what the document shows', () => {
    const { shown } = step(document, 'taskhook dev')
    expect(shown).toEqual(['listening on http://127.0.0.1:8787'])
    expect(dev.url).toBe(`http://127.0.0.1:${port}`)
  })

  if (document === 'README.md')
    it('both deliveries run the task', async () => {
      const { script } = step(document, 'taskhook send')
      expect(await bash(script)).toMatch(/^200 OK\n[\s\S]*\n202 Accepted\n/)
      await eventually(() => dev.out().includes('│ analyzing sales, 5 deep'))
      await eventually(() => dev.out().includes('│ analyzing sales, 3 deep'))
      await eventually(() => /slack {5}← ✅ analyze succeeded/.test(dev.out()))
    })
  else {
    it('check prints what the document shows', async () => {
      const { script, shown } = step(document, 'taskhook check')
      expect((await bash(script)).split('\n')).toEqual(shown)
    })

    it('openssl and curl send a delivery, and curl gets its status', async () => {
      const { script, shown } = step(document, 'openssl dgst')
      const answer = await bash(script)
      expect(answer).toMatch(patternOf(shown))
      const { run: id, statusUrl } = JSON.parse(answer) as { run: string; statusUrl: string }
      await eventually(() => dev.out().includes(`│ report for acme over 3 months, run ${id}`))

      const later = step(document, 'the statusUrl from above')
      const status = await eventually(async () => {
        const text = await bash(later.script.replace('<the statusUrl from above>', statusUrl))
        return text.includes('"status":"succeeded"') && text
      })
      expect(status).toMatch(patternOf(later.shown))
    })

    it('send signs the delivery', async () => {
      const [inline = ''] = /(?<=`)SHOP_SECRET=\S+ npx taskhook send [^`]+/.exec(read(document)) ?? []
      expect(await bash(inline)).toMatch(/^202 Accepted\n/)
    })

    it('invalid parameters get the response that the document shows', async () => {
      const { script, shown } = step(document, 'month":3')
      expect((await bash(script)).split('\n')).toEqual(shown)
    })
  }
})

/** "3b0c…" matches a run id, "…" any text. */
const patternOf = (shown: readonly string[]): RegExp =>
  new RegExp(
    `^${shown
      .join('\n')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('3b0c…', '[0-9a-f]{20}')
      .replace(/\s*…\s*/g, '.*')}$`,
  )
