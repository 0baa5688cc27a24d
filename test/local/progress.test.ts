/** A shell script with curl, as in docs/progress.md, against the real handlers of `taskhook dev`. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { type DevServer, startDevServer } from '../../src/local/dev-server.ts'
import { standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0
const secrets = { SHOP: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }

/** The same report five times at once: the limit is one report per second. */
const script = `#!/bin/sh
post() {
  curl -sS -o /dev/null -w "%{http_code}" "$TASKHOOK_PROGRESS_URL" -H "authorization: Bearer $1" -d "$2"
}
first='{"percent": 40, "message": "reading the archive of '"$DATASET"'", "outputs": {"rows": "1200"}, "links": [{"label": "Report", "url": "https://example.com/report"}]}'
echo "first $(post "$TASKHOOK_TOKEN" "$first")"
for i in 1 2 3 4 5; do echo "repeated $(post "$TASKHOOK_TOKEN" "$first")" & done; wait
echo "wrong-token $(post wrong '{"percent": 99}')"
until [ "$(post "$TASKHOOK_TOKEN" '{"outputs": {"login": "with '"$PASSWORD"'"}}')" = 202 ]; do sleep 0.1; done
echo "last 202"
`
const config = `
sources:
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:SHOP" }
tasks:
  job:
    cluster: c
    taskDefinition: job
    container: app
    subnets: [s]
    params: { dataset: { type: string }, password: { type: string, secret: true } }
    local: { command: [./job.sh] }
routes:
  - { on: shop, run: job }
`

describe.skipIf(!hasCurl)('a job with curl', () => {
  let folder: string
  let dev: DevServer
  const printed: string[] = []
  const logs: string[] = []
  const reports: string[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taskhook-progress-'))
    writeFileSync(join(folder, 'job.sh'), script)
    chmodSync(join(folder, 'job.sh'), 0o755)
    dev = await startDevServer({
      config: compileConfig(config, builtinSpecs),
      configPath: join(folder, 'taskhook.yaml'),
      port: 0,
      env: secrets,
      log: createLog('trace', { write: (line: string) => void logs.push(line) }),
      onOutput: (_run, text) => void printed.push(text),
      onProgress: (_run, body) => void reports.push(body),
    })
  })
  afterAll(async () => {
    await dev?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  it('reports its progress, and the status URL returns it after the end', async () => {
    const { headers, body } = standardDelivery(secrets.SHOP, '{"dataset":"sales","password":"open-sesame"}')
    const response = await fetch(`${dev.url}/shop`, { method: 'POST', headers, body: String(body) })
    const { statusUrl } = (await response.json()) as { statusUrl: string }
    const view = await eventually(async () => {
      const shown = (await (await fetch(statusUrl)).json()) as Record<string, unknown>
      return ['succeeded', 'failed'].includes(String(shown.status)) && shown
    })
    const repeated = printed.filter((line) => line.startsWith('repeated '))
    expect(repeated).toHaveLength(5)
    expect(repeated).toContain('repeated 429')
    expect(printed.filter((line) => !repeated.includes(line))).toEqual(['first 202', 'wrong-token 401', 'last 202'])
    expect(view).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      progress: { percent: 40, message: 'reading the archive of sales' },
      links: [{ label: 'Report', url: 'https://example.com/report' }],
    })
    expect((view.outputs as Record<string, string>).rows).toBe('1200')
    expect(JSON.stringify(view)).not.toContain('open-sesame')
    expect(logs.join('')).not.toContain('open-sesame')
    // What the terminal shows.
    expect(reports.join('')).toContain('with (hidden)')
    expect(reports.join('')).not.toContain('open-sesame')
  })
})
