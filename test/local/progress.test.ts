/** A shell script with curl, as docs/progress.md has it, against the real handlers of `taskhook dev`. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { type Dev, startDev } from '../../src/local/dev.ts'
import { standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/world.ts'

const hasCurl = spawnSync('curl', ['--version']).status === 0
const secrets = { SHOP: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }

const script = `#!/bin/sh
report() {
  curl -sS -o /dev/null -w "$1 %{http_code}\\n" "$TASKHOOK_PROGRESS_URL" -H "authorization: Bearer $2" -d "$3"
}
report taken "$TASKHOOK_TOKEN" '{"percent": 40, "message": "reading the archive of '"$DATASET"'", "outputs": {"rows": "1200"}, "links": [{"label": "Report", "url": "https://example.com/report"}]}'
report twice "$TASKHOOK_TOKEN" '{"percent": 41}'
report stranger wrong '{"percent": 99}'
sleep 1.1
report secret "$TASKHOOK_TOKEN" '{"outputs": {"login": "with '"$PASSWORD"'"}}'
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

describe.skipIf(!hasCurl)('with curl, a job', () => {
  let folder: string
  let dev: Dev
  const printed: string[] = []
  const logs: string[] = []
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'taskhook-progress-'))
    writeFileSync(join(folder, 'job.sh'), script)
    chmodSync(join(folder, 'job.sh'), 0o755)
    dev = await startDev({
      config: compileConfig(config, builtinSpecs),
      configPath: join(folder, 'taskhook.yaml'),
      port: 0,
      env: secrets,
      log: createLog('trace', { write: (line: string) => void logs.push(line) }),
      onOutput: (_run, text) => void printed.push(text),
    })
  })
  afterAll(async () => {
    await dev?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true })
  })

  it('tells how far it is, and GET shows it when it has ended', async () => {
    const { headers, body } = standardDelivery(secrets.SHOP, '{"dataset":"sales","password":"open-sesame"}')
    const response = await fetch(`${dev.url}/shop`, { method: 'POST', headers, body: String(body) })
    const { statusUrl } = (await response.json()) as { statusUrl: string }
    const view = await eventually(async () => {
      const shown = (await (await fetch(statusUrl)).json()) as Record<string, unknown>
      return ['succeeded', 'failed'].includes(String(shown.status)) && shown
    })
    expect(printed).toEqual(['taken 202', 'twice 429', 'stranger 401', 'secret 202'])
    expect(view).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      progress: { percent: 40, message: 'reading the archive of sales' },
      links: [{ label: 'Report', url: 'https://example.com/report' }],
    })
    expect((view.outputs as Record<string, string>).rows).toBe('1200')
    expect(JSON.stringify(view)).not.toContain('open-sesame')
    expect(logs.join('')).not.toContain('open-sesame')
  })
})
