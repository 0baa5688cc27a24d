/** Local ECS in a separate process: a small process forks faster, and does not delay the others. It POSTs each event to `EVENTS`. */
import { readFileSync } from 'node:fs'
import { parseCompiled } from '../../src/core/model/compiled-config.ts'
import { startLocalEcs } from '../../src/local/ecs/index.ts'
import { reportReady } from './child-process.ts'

const { TASKHOOK_CONFIG = '', EVENTS = '' } = process.env
const ecs = await startLocalEcs({
  tasks: Object.values(parseCompiled(readFileSync(TASKHOOK_CONFIG, 'utf8')).tasks),
  docker: 'never',
  async onEvent(event) {
    const { ok } = await fetch(EVENTS, { method: 'POST', body: JSON.stringify(event) })
    if (!ok) throw new Error('the event was not accepted')
  },
})
reportReady(ecs.url, ecs.close)
