/** Durations and rates in words. Pure. */
import type { Rate } from '../model/token-bucket.ts'

/** `4 s`, `1 min 12 s`, `2 h 3 min`. @param seconds whole ones */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under a second'
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return withRest(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  return withRest(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min')
}

const withRest = (count: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${restUnit}`

const perUnit = { s: 'a second', m: 'a minute', h: 'an hour' } as const

/** `60 runs a minute` */
export const rateText = ({ count, per }: Rate): string => `${count} ${count === 1 ? 'run' : 'runs'} ${perUnit[per]}`
