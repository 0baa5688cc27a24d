// The job in the container: reads data/<dataset>.csv, describes each column, and writes out/<dataset>.json. All it needs from taskhook
// are the variables that the config declares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const { DATASET: dataset, DEPTH: depth = '3', TASKHOOK_RUN_ID: run = 'by hand' } = process.env
const source = `data/${dataset}.csv`

let lines
try {
  lines = readFileSync(source, 'utf8').trim().split('\n')
} catch {
  console.error(`there is no dataset "${dataset}" (${source})`)
  process.exit(3)
}
const [header, ...rows] = lines.map((line) => line.split(','))
console.log(`${dataset}: ${rows.length} rows of ${header.length} columns`)

const columns = header.map((name, at) =>
  describe(
    name,
    rows.map((row) => row[at]),
  ),
)
for (const { name, summary } of columns) console.log(`  ${name.padEnd(10)} ${summary}`)

mkdirSync('out', { recursive: true })
writeFileSync(`out/${dataset}.json`, `${JSON.stringify({ run, dataset, rows: rows.length, columns }, null, 2)}\n`)
console.log(`wrote out/${dataset}.json`)

function describe(name, values) {
  const numbers = values.map(Number)
  if (numbers.every(Number.isFinite)) {
    const sum = numbers.reduce((a, b) => a + b, 0)
    const [min, max, mean] = [Math.min(...numbers), Math.max(...numbers), sum / numbers.length]
    return { name, type: 'number', min, max, mean, summary: `${min} to ${max}, mean ${mean.toFixed(1)}` }
  }
  const counts = new Map()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, Number(depth))
  return {
    name,
    type: 'text',
    distinct: counts.size,
    top,
    summary: top.map(([value, count]) => `${value} ${count}×`).join(', '),
  }
}
