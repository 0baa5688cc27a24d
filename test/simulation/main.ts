/** `npm run simulate -- --seeds 10000 --from 0`; `SEED=123 npm run simulate` shows one seed, step by step. */
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '0' } },
})
const one = process.env.SEED
const from = Number(one ?? values.from)
const seeds = one === undefined ? Number(values.seeds) : 1
const sums: Record<string, number> = {}
const failed: number[] = []
const began = performance.now()

for (let seed = from; seed < from + seeds; seed++) {
  const { violations, trace, counts } = await simulate(seed)
  for (const [what, count] of Object.entries(counts)) sums[what] = (sums[what] ?? 0) + count
  if (one !== undefined) console.log(trace.join('\n'))
  if (violations.length === 0) continue
  failed.push(seed)
  console.log(`seed ${seed}: ${violations.join('; ')}`)
}

const seconds = (performance.now() - began) / 1000
for (const [what, count] of Object.entries(sums).sort(([a], [b]) => a.localeCompare(b)))
  console.log(`${String(count).padStart(9)} ${what}`)
console.log(`${seeds} seeds in ${seconds.toFixed(1)} s, ${(seeds / seconds).toFixed(0)} a second`)
console.log(
  failed.length === 0
    ? 'no violation'
    : `${failed.length} seeds have violations: SEED=${failed[0]} npm run simulate shows the first`,
)
process.exitCode = failed.length === 0 ? 0 : 1
