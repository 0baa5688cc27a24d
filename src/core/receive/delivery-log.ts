/** What the log will say of a delivery, gathered while it is answered. */
import { isPublic, TaskhookError, Unauthorized } from '../errors.ts'
import type { DeliveryEntry } from '../telemetry/log-entries.ts'

export type DeliveryLog = { -readonly [key in keyof DeliveryEntry]?: DeliveryEntry[key] }

export function logError(note: DeliveryLog, error: unknown): void {
  const refused = error instanceof TaskhookError && isPublic(error.code)
  note.outcome = error instanceof Unauthorized ? 'unauthorized' : refused ? 'refused' : 'failed'
  note.reason =
    error instanceof Unauthorized ? error.reason : refused ? error.message : 'see the error before this line'
}

/** By which a line that belongs to the delivery is found. */
export const deliveryContext = ({ source, runs, trace }: DeliveryLog) => ({
  ...(source !== undefined && { source }),
  ...(runs !== undefined && { runs }),
  ...(trace !== undefined && { trace }),
})
