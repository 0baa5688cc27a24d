/** ECS in a process of its own: a small one forks faster, and nobody waits while it does. Each event is POSTed to `EVENTS`, one after another. */
import { readFileSync } from 'node:fs'
import { parseCompiled } from '../../src/core/model/compiled-config.ts'
import { startLocalEcs } from '../../src/local/ecs/index.ts'
import { ready } from './start.ts'

const { TASKHOOK_CONFIG = '', EVENTS = '' } = process.env
const ecs = await startLocalEcs({
  tasks: Object.values(parseCompiled(readFileSync(TASKHOOK_CONFIG, 'utf8')).tasks),
  docker: 'never',
  async onEvent(event) {
    const { ok } = await fetch(EVENTS, { method: 'POST', body: JSON.stringify(event) })
    if (!ok) throw new Error('the event was not taken')
  },
})
ready(ecs.url, ecs.close)
