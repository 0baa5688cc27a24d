/**
 * Records the files vendor-*.json: `node test/adapters/hmac/record-deliveries.ts [folder]`. It installs the vendors' own packages into the
 * folder (default: a temporary one), without running their scripts, and lets each make or confirm its deliveries. The time is fixed, so a
 * second run writes the same file, byte for byte.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { batchSenders } from './recording/batch-senders.ts'
import { documentedSenders } from './recording/documented-senders.ts'
import { recordHandshakes } from './recording/handshakes.ts'
import { packageSenders } from './recording/package-senders.ts'
import { packages } from './recording/packages.ts'
import { type Recording, record, type Sender } from './recording/recorder.ts'

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'taskhook-senders-'))

writeFileSync(join(folder, 'package.json'), '{ "private": true }')
const pinned = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-save', ...pinned], {
  cwd: folder,
  stdio: 'inherit',
})

function write(name: string, recordings: readonly unknown[]): void {
  const file = join(import.meta.dirname, name)
  writeFileSync(file, `${JSON.stringify(recordings, undefined, 2)}\n`)
  execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' })
  console.log(`${recordings.length} in ${name}`)
}

const load = createRequire(join(folder, 'package.json'))

async function recordAll(senders: readonly Sender[]): Promise<readonly Recording[]> {
  const recordings: Recording[] = []
  // One after the other, since they share the clock.
  for (const sender of senders) recordings.push(await record(sender))
  return recordings
}

write('vendor-deliveries.json', await recordAll([...packageSenders(load), ...documentedSenders]))
write('vendor-batches.json', await recordAll(batchSenders(load)))
write('vendor-handshakes.json', await recordHandshakes(load))
