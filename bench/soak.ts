/**
 * A soak: many deliveries, a tenth of them twice, to handlers whose process is killed again and again. Every run must be started exactly
 * once and end, and its sender must know. `npm run soak -- --deliveries 1000 --kills 10`
 */
import { parseArgs } from 'node:util'
import { soak } from './soak/soak.ts'

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '40' },
    concurrency: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
})
const deliveries = Number(values.deliveries)
const row = (what: string, value: string | number, wanted = '') =>
  console.log(`  ${what.padEnd(48)} ${String(value).padStart(10)}   ${wanted}`)

const { checks, sent, kills, late, seconds, minutesTurned, logged } = await soak({
  deliveries,
  kills: Number(values.kills),
  concurrency: Number(values.concurrency),
  seed: Number(values.seed),
  onProgress: (line) => console.log(`  … ${line}`),
})

const times = sent.times.toSorted((a, b) => a - b)
const quantile = (share: number): string => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(0)} ms`
const answered = (status: number): number => sent.statuses.get(status) ?? 0
const others = [...sent.statuses].filter(([status]) => ![0, 200, 202].includes(status))

console.log(`\n${deliveries} deliveries, seed ${values.seed}, Node ${process.versions.node}\n`)
row('answered 202, a new run', answered(202))
row('answered 200, the run that there was', answered(200))
row('broken off, and sent again', answered(0))
for (const [status, times] of others) row(`answered ${status}`, times)
row('kills, of a process or of all', kills)
row('tasks begun as all were killed', late)
row('deliveries a second', (deliveries / seconds.sending).toFixed(1))
row('all done after', `${seconds.all.toFixed(0)} s`)
row('the clock turned on by', `${minutesTurned} min`)
row('an answer, median', quantile(0.5))
row('an answer, 99 of 100 within', quantile(0.99))
console.log()
for (const { what, found, wanted } of checks) row(what, found, found === wanted ? '✓' : `✗ wanted ${wanted}`)
if (logged.size > 0) console.log('\nlogged meanwhile:')
for (const [words, times] of logged) console.log(`  ${times} × ${words}`)

const broken = checks.filter(({ found, wanted }) => found !== wanted)
for (const { cases = [] } of broken) for (const line of cases.slice(0, 10)) console.error(`  ${line}`)
if (broken.length > 0) console.error(`\n${broken.length} of ${checks.length} checks do not hold`)
process.exitCode = broken.length > 0 ? 1 : 0
