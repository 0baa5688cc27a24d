/** What each message of the queue does. */
import { cancelRun } from '../lifecycle/cancel.ts'
import type { QueueMessage } from '../model/queue-messages.ts'
import { type ApproveServices, approve } from './approve.ts'
import { notifyNewest } from './notify-newest.ts'
import { type ProgressServices, recordProgress } from './record-progress.ts'
import { type RejectServices, reject } from './reject.ts'
import { type DeferredServices, runDeferred } from './run-deferred.ts'
import { type StartServices, startRun } from './start-run.ts'

export type DispatchServices = StartServices & ApproveServices & RejectServices & ProgressServices & DeferredServices

/** `busy`: another function is starting the run, so the message must come again later. */
export type Handled = 'done' | 'busy'

export async function dispatch(services: DispatchServices, message: QueueMessage): Promise<Handled> {
  switch (message.kind) {
    case 'start':
      return startRun(services, message.run)
    case 'reject':
      return reject(services, message)
    case 'cancel':
      await cancelRun(services, message.run, message.by)
      return 'done'
    case 'approve':
      await approve(services, message)
      return 'done'
    case 'progress':
      await recordProgress(services, message)
      return 'done'
    case 'notify':
      await notifyNewest(services, message.run)
      return 'done'
    case 'deferred':
      await runDeferred(services, message)
      return 'done'
  }
}
