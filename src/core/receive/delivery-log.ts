/** What the log will say of a delivery, gathered while it is answered. */
import { isTellable, TaskhookError, Unauthorized } from '../errors.ts'
import type { DeliveryEntry } from '../telemetry/log.ts'

export type Note = { -readonly [key in keyof DeliveryEntry]?: DeliveryEntry[key] }

export function noteError(note: Note, error: unknown): void {
  const refused = error instanceof TaskhookError && isTellable(error.code)
  note.outcome = error instanceof Unauthorized ? 'unauthorized' : refused ? 'refused' : 'failed'
  note.reason =
    error instanceof Unauthorized ? error.reason : refused ? error.message : 'see the error before this line'
}

/** By which a line that belongs to the delivery is found. */
export const aboutNote = ({ source, runs, trace }: Note) => ({
  ...(source !== undefined && { source }),
  ...(runs !== undefined && { runs }),
  ...(trace !== undefined && { trace }),
})
