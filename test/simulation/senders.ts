/** The senders: they receive notifications, are unreachable at times, and remember what they received. */
import type { Adapter, Json, RunView } from '../../src/core/adapter.ts'
import { markVerified } from '../../src/core/http/verified-request.ts'
import type { Life, Scheduler } from './scheduler.ts'

/** A notification that a sender received about a run, and the invocation that sent it. */
export interface Heard {
  readonly status: string
  readonly from: Life
  /** That invocation has recorded it. */
  noted: boolean
}
export interface Senders {
  adapter(source: string, life: Life): Adapter
  heard(run: string): readonly Heard[]
  noted(run: string, by: Life): void
}

export function createSenders(scheduler: Scheduler, deaf: () => boolean, violated: (what: string) => void): Senders {
  const heard = new Map<string, Heard[]>()
  const telling = new Map<string, Life>()

  const hear = (run: string, status: string, from: Life): void => {
    if (deaf()) {
      scheduler.count('notifications that failed')
      throw Object.assign(new Error('the sender is unreachable'), { name: 'DeafError' })
    }
    scheduler.count('notifications')
    heard.set(run, [...(heard.get(run) ?? []), { status, from, noted: false }])
  }

  const tell = async (life: Life, edits: boolean, { run, status }: RunView): Promise<void> => {
    const other = telling.get(run)
    if (edits && other?.alive === true) violated(`${other.name} and ${life.name} notify about ${run} at the same time`)
    telling.set(run, life)
    try {
      await scheduler.call(life, `notifies of ${run.slice(0, 4)} that it is ${status}`, 'call', () =>
        hear(run, status, life),
      )
    } finally {
      telling.delete(run)
    }
  }

  return {
    adapter: (source, life) => ({
      ...(source === 'editor' && { editsMessages: true }),
      verify: (request) => markVerified(request, request.headers['x-key']),
      translate({ headers, body }) {
        const event = headers['x-event'] ?? ''
        const values = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>
        const rawParams = { kind: 'object', values, textual: false } as const
        const deliveryId = headers['x-key'] ?? ''
        const trigger = {
          event,
          deliveryId,
          actor: 'asker',
          facts: { events: [event] },
          rawParams,
          payload: values,
          replyAddress: null,
        }
        return { kind: 'run', trigger }
      },
      async updateStatus(_answerTo, view, _tools, memory): Promise<Json | undefined> {
        await tell(life, source === 'editor', view)
        return source === 'editor' ? Number(memory ?? 0) + 1 : undefined
      },
    }),
    heard: (run) => heard.get(run) ?? [],
    noted(run, by) {
      for (const each of heard.get(run) ?? []) if (each.from === by) each.noted = true
    },
  }
}
