/**
 * Sends many deliveries, a tenth of them twice, to instances that are killed again and again. Every run must start exactly one task and
 * end, and its sender must be notified. `npm run soak -- --deliveries 1000 --kills 10`
 */
import { parseArgs } from 'node:util'
import { runSoak } from './soak/run-soak.ts'

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '40' },
    concurrency: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
})
const deliveries = Number(values.deliveries)
const printRow = (what: string, value: string | number, mark = '') =>
  console.log(`  ${what.padEnd(48)} ${String(value).padStart(10)}   ${mark}`)

const { checks, sent, kills, delayedTasks, seconds, minutesAdvanced, logged } = await runSoak({
  deliveries,
  kills: Number(values.kills),
  concurrency: Number(values.concurrency),
  seed: Number(values.seed),
  onProgress: (line) => console.log(`  … ${line}`),
})

const times = sent.times.toSorted((a, b) => a - b)
const quantile = (share: number): string => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(0)} ms`
const responses = (status: number): number => sent.statuses.get(status) ?? 0
const otherStatuses = [...sent.statuses].filter(([status]) => ![0, 200, 202].includes(status))

console.log(`\n${deliveries} deliveries, seed ${values.seed}, Node ${process.versions.node}\n`)
printRow('answered 202, a new run', responses(202))
printRow('answered 200, the existing run', responses(200))
printRow('interrupted by a kill, and sent again', responses(0))
for (const [status, count] of otherStatuses) printRow(`answered ${status}`, count)
printRow('kills, of one instance or of all', kills)
printRow('kills of all as a task started', delayedTasks)
printRow('deliveries per second', (deliveries / seconds.sending).toFixed(1))
printRow('all quiet after', `${seconds.all.toFixed(0)} s`)
printRow('clock advanced by', `${minutesAdvanced} min`)
printRow('response time, median', quantile(0.5))
printRow('response time, 99th percentile', quantile(0.99))
console.log()
for (const { what, actual, expected } of checks)
  printRow(what, actual, actual === expected ? '✓' : `✗ expected ${expected}`)
if (logged.size > 0) console.log('\nlogged warnings and errors:')
for (const [text, count] of logged) console.log(`  ${count} × ${text}`)

const failed = checks.filter(({ actual, expected }) => actual !== expected)
for (const { cases = [] } of failed) for (const line of cases.slice(0, 10)) console.error(`  ${line}`)
if (failed.length > 0) console.error(`\n${failed.length} of ${checks.length} checks failed`)
process.exitCode = failed.length > 0 ? 1 : 0
