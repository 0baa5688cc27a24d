/**
 * Cold start and warm latency of `receive`, the function that senders wait for. Each figure is a median of interleaved rounds in new
 * processes. It is the difference to an empty handler of the same round, or a ratio. Do not compare it with another machine or day.
 * To compare two builds, measure both in one run: `BEFORE=../other/dist/lambda/handler.mjs`, of a folder that has its `dist/cli` too.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { startAwsStub } from './latency/aws-stub.ts'
import { bundleBaseline } from './latency/baselines.ts'
import { configs, secret } from './latency/configs.ts'
import { type Build, figuresOf, type Results } from './latency/figures.ts'
import { type Measurement, measure, type Subject } from './latency/measure.ts'

const rounds = Number(process.env.ROUNDS ?? 11)
/** The handler of another build, measured in the same rounds. */
const { BEFORE: before } = process.env
const root = new URL('..', import.meta.url).pathname

/** @param entry the handler @param folder has the compiled configs */
function buildOf(entry: string, folder: string, stubUrl: string): Build {
  const compiled = compileConfigs(entry, folder)
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_ENDPOINT_URL: stubUrl,
    TASKHOOK_TABLE: 't',
    TASKHOOK_QUEUE_URL: `${stubUrl}/000000000000/q`,
    TASKHOOK_KEY: 'env:SECRET',
    SECRET: secret,
    LOG_LEVEL: 'silent',
    _HANDLER: 'handler.receive',
  }
  const receive = (config: keyof typeof configs, event: Subject['event'] & string): Subject => ({
    entry,
    env: { ...env, TASKHOOK_CONFIG: compiled[config] },
    event,
  })
  return {
    github: receive('github', 'push'),
    slackPush: receive('slack', 'push'),
    slackCommand: receive('slack', 'command'),
  }
}

/** Each build compiles the configs itself, since another version cannot read them. @returns paths */
function compileConfigs(entry: string, folder: string): Record<keyof typeof configs, string> {
  const out = mkdtempSync(join(folder, 'build-'))
  const compile = (name: keyof typeof configs): string => {
    writeFileSync(join(out, `${name}.yaml`), configs[name])
    const cli = join(dirname(entry), '../cli/main.js')
    execFileSync(process.execPath, [cli, 'build', join(out, `${name}.yaml`), '--out', join(out, name)])
    return join(out, name, 'taskhook.json')
  }
  return { github: compile('github'), slack: compile('slack') }
}

async function measureAll(subjects: readonly Subject[]): Promise<Results> {
  const results = new Map(subjects.map((subject): [Subject, Measurement[]] => [subject, []]))
  for (let round = 0; round < rounds; round++)
    for (const subject of subjects) results.get(subject)?.push(await measure(subject))
  return results
}

/** The sizes that `taskhook build` prints. */
function packageSizes(folder: string) {
  const yaml = join(folder, 'bench.yaml')
  writeFileSync(yaml, configs.github)
  const args = [join(root, 'dist/cli/main.js'), 'build', yaml, '--out', join(folder, 'out')]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' })
  return { zip: /(\d+ kB)/.exec(output)?.[1] ?? '?', atInit: /init: (\d+ kB)/.exec(output)?.[1] ?? '?' }
}

const printRow = (what: string, value: string, goal = '', other = ''): void =>
  console.log(`  ${what.padEnd(44)} ${value.padStart(10)} ${other.padStart(10)}   ${goal}`)

async function run(folder: string, stubUrl: string): Promise<void> {
  const empty = { entry: await bundleBaseline('empty', folder), env: {} }
  const bolt = { entry: await bundleBaseline('bolt', folder), env: {} }
  const now = buildOf(join(root, 'dist/lambda/handler.mjs'), folder, stubUrl)
  const old = before === undefined ? undefined : buildOf(resolve(before), folder, stubUrl)
  const results = await measureAll([empty, bolt, ...Object.values(now), ...Object.values(old ?? {})])
  const { figures, boltReady } = figuresOf(results, empty, bolt)
  const { zip, atInit } = packageSizes(folder)
  console.log(`\n${rounds} rounds, Node ${process.versions.node}; medians, and the goals of the project\n`)
  if (old !== undefined) printRow('', 'now', '', 'before')
  for (const { what, value, goal } of figures) printRow(what, value(now), goal, old === undefined ? '' : value(old))
  printRow("Bolt's Lambda receiver ready over empty", boltReady)
  printRow('code read at init, GitHub and HMAC', atInit, '≤ 260 kB')
  printRow('package, GitHub and HMAC', zip, '≤ 1024 kB')
}

const folder = mkdtempSync(join(tmpdir(), 'taskhook-bench-'))
const stub = await startAwsStub()
try {
  await run(folder, stub.url)
} finally {
  stub.close()
  rmSync(folder, { recursive: true, force: true })
}
