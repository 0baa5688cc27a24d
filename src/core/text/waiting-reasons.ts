/** Why a run waits, in words for the sender. Pure. */
import type { Waiting } from '../model/waiting.ts'

export function waitingReason(waiting: Waiting): string {
  switch (waiting.kind) {
    case 'approval':
      return 'waits for approval'
    case 'pause':
      return pausedText(waiting)
    case 'slot':
      return `${ordinal(waiting.place)} in line, ${waiting.limit} at a time`
    case 'retry':
      return waiting.cause
  }
}

/** `paused: cluster upgrade until 14:00` */
export const pausedText = ({ message }: { readonly message: string }): string => `paused: ${message}`

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const suffixes: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinal = (place: number): string => `${place}${suffixes[ordinals.select(place)] ?? 'th'}`
