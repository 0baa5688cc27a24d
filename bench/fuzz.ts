/**
 * Fuzzed requests at a rate that one core must sustain, each made, signed and answered in this process.
 * `npm run fuzz -- --seconds 60 --rate 2000 --seed 1`
 */
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz/fuzz.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
})
const rate = Number(values.rate)
/** More than this is growth: what is compiled and cached meanwhile stays below. */
const mostGrowth = 5 * 1024 * 1024

const result = await fuzz({
  seconds: Number(values.seconds),
  rate,
  seed: Number(values.seed),
  onProgress: (line) => console.log(`  … ${line}`),
})
const { requests, seconds, cpuSeconds, answers, watch, heap, failed, failures } = result

const row = (what: string, value: string | number, wanted = '') =>
  console.log(`  ${what.padEnd(44)} ${String(value).padStart(12)}   ${wanted}`)
console.log(`\n${requests} requests, seed ${values.seed}, Node ${process.versions.node}\n`)
for (const [what, times] of [...answers].sort()) row(what, times)
console.log()

const perSecond = requests / seconds
const perCpuSecond = requests / cpuSeconds
const share = cpuSeconds / seconds
// Where others use the machine, this process does not get a whole core; what it does with what it gets is what can be told.
const starved = share < 0.9 && perSecond < rate * 0.99
const growth = heap.end - heap.early
const checks: readonly [string, string | number, boolean, string][] = [
  ['answered 5xx, or thrown', failed, failed === 0, '0'],
  ['lines of the log that give something away', `${watch.leaked}/${watch.lines}`, watch.leaked === 0, '0'],
  ['requests a second', perSecond.toFixed(0), starved || perSecond >= rate * 0.99, `${rate}`],
  ['requests for each second of CPU time', perCpuSecond.toFixed(0), !starved || perCpuSecond >= rate, `${rate}`],
  ['cores used', share.toFixed(2), share < 1.1, '1 at most'],
  ['heap after a collection, end − early', `${(growth / 1024).toFixed(0)} kB`, growth <= mostGrowth, '≤ 5120 kB'],
]
for (const [what, value, good, wanted] of checks) row(what, value, good ? '✓' : `✗ wanted ${wanted}`)
if (starved) console.log('\nThe machine was busy: the rate is held against CPU time, not against the clock.')
for (const text of [...failures, ...watch.leaks]) console.error(`\n${text}`)
process.exitCode = checks.every(([, , good]) => good) ? 0 : 1
