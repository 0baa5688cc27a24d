import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, it } from 'vitest'
import { widthOf } from '../../src/core/text/terminal-text.ts'
import { root, taskhook } from './process.ts'

it('demo sends three deliveries, whose runs succeed and whose senders are notified', async () => {
  const { code, stdout, stderr } = await taskhook(['demo'])
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  const lines = stdout.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d/, '').trim())

  const scenes = stdout.split('\n\n').slice(1, -1)
  expect(scenes).toHaveLength(3)
  for (const scene of scenes) {
    expect(scene.match(/analyze {3}● succeeded, exit code 0/g)).toHaveLength(1)
    const order = ['● starting', '● running', '│ wrote out/', '● succeeded'].map((text) => scene.indexOf(text))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
  expect(lines).toContain('slack     ← ▶ analyze running')
  expect(lines).toContainEqual(expect.stringMatching(/^slack {5}← ✅ analyze succeeded in /))
  expect(lines).toContain('github    ← 🟡 taskhook/analyze running')
  expect(lines).toContainEqual(expect.stringMatching(/^github {4}← ✅ taskhook\/analyze succeeded in /))
  expect(lines).toContain('partner   GET statusUrl → succeeded, exit code 0')
  expect(lines).toContain('✓ 3 deliveries, 3 runs succeeded, every sender notified.')

  expect(stdout.split('\n').filter((line) => widthOf(line) > 80)).toEqual([])
  expect(stdout).not.toContain('\u001b')
  const secrets = Object.values(parseEnv(readFileSync(join(root, 'examples/quickstart/dev.env'), 'utf8')))
  expect(secrets).toHaveLength(4)
  for (const secret of secrets) expect(stdout).not.toContain(secret)
})
