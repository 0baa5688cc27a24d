/**
 * Fuzzes `receive` at a rate that one core must sustain. Requests are made, signed and answered in this process.
 * `npm run fuzz -- --seconds 60 --rate 2000 --seed 1`
 */
import { parseArgs } from 'node:util'
import { runFuzz } from './fuzz/run-fuzz.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
})
const rate = Number(values.rate)
/** In bytes. Compiled code and caches need less. */
const maxHeapGrowth = 5 * 1024 * 1024

const result = await runFuzz({
  seconds: Number(values.seconds),
  rate,
  seed: Number(values.seed),
  onProgress: (line) => console.log(`  … ${line}`),
})
const { requests, seconds, cpuSeconds, answers, leakDetector, heap, failed, failures } = result

const printRow = (what: string, value: string | number, mark = '') =>
  console.log(`  ${what.padEnd(44)} ${String(value).padStart(12)}   ${mark}`)
console.log(`\n${requests} requests, seed ${values.seed}, Node ${process.versions.node}\n`)
for (const [what, times] of [...answers].sort()) printRow(what, times)
console.log()

const perSecond = requests / seconds
const perCpuSecond = requests / cpuSeconds
const cores = cpuSeconds / seconds
// If other programs use the machine, this process gets less than a core, and only the rate per CPU second says something.
const isStarved = cores < 0.9 && perSecond < rate * 0.99
const growth = heap.end - heap.early
const checks: readonly [string, string | number, boolean, string][] = [
  ['answered 5xx, or thrown', failed, failed === 0, '0'],
  ['log lines with a leak', `${leakDetector.leakCount}/${leakDetector.lines}`, leakDetector.leakCount === 0, '0'],
  ['requests per second', perSecond.toFixed(0), isStarved || perSecond >= rate * 0.99, `${rate}`],
  ['requests per second of CPU time', perCpuSecond.toFixed(0), !isStarved || perCpuSecond >= rate, `${rate}`],
  ['cores used', cores.toFixed(2), cores < 1.1, 'at most 1'],
  ['heap after a collection, end − early', `${(growth / 1024).toFixed(0)} kB`, growth <= maxHeapGrowth, '≤ 5120 kB'],
]
for (const [what, value, passed, expected] of checks) printRow(what, value, passed ? '✓' : `✗ expected ${expected}`)
if (isStarved) console.log('\nThe machine was busy, so the rate is measured against CPU time.')
for (const text of [...failures, ...leakDetector.leaks]) console.error(`\n${text}`)
process.exitCode = checks.every(([, , passed]) => passed) ? 0 : 1
