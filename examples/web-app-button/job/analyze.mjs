// A stand-in for the job in your container. All it needs from taskhook are the variables that the config declares.
import { setTimeout as sleep } from 'node:timers/promises'

const { DATASET: dataset, DEPTH: depth = '3' } = process.env

if (!['people', 'sales', 'visits'].includes(dataset)) {
  console.error(`there is no dataset "${dataset}"`)
  process.exit(3)
}
for (let round = 1; round <= Number(depth); round++) {
  await sleep(700)
  console.log(`${dataset}: round ${round} of ${depth}`)
}
