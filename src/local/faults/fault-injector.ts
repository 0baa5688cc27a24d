/** The faults that wait for their moment. Those that were asked for first strike first. */
import { type Circumstances, type Fault, type FaultAt, type Moment, momentOf, type When } from './fault-kinds.ts'

export interface Waiting {
  readonly fault: Fault
  readonly when: When
  /** How often it will strike yet; Infinity: until it is taken back. */
  readonly left: number
  /** How often it has struck. */
  readonly struck: number
}

export interface Faults {
  /**
   * @param times how often it strikes, after those that wait already. Default: 1; with a probability, and for the clock, Infinity
   * @returns takes it back
   */
  next(fault: Fault, times?: number, when?: When): () => void
  /** Those that will strike yet. */
  list(): readonly Waiting[]
  clear(): void
}

/** The other side of it: who asks at a moment, and has to obey. */
export interface Strikes {
  /** The fault that strikes now; it is counted. */
  take<M extends Moment>(moment: M, circumstances: Circumstances): FaultAt<M> | undefined
  /** Milliseconds that the clock of the handlers is off. */
  skew(): number
}

export interface FaultsOptions {
  /** The same seed makes the same throws for faults with a probability. */
  readonly seed?: number
  /** Told whenever one strikes. */
  onStrike?(fault: Fault, circumstances: Circumstances): void
}

export function createFaults({ seed = 1, onStrike = () => {} }: FaultsOptions = {}): Faults & Strikes {
  let waiting: { fault: Fault; when: When; left: number; struck: number }[] = []
  const chance = randomOf(seed)
  const clockOf = (fault: Fault): number => (fault.kind === 'clock' ? fault.ms : 0)
  return {
    next(fault, times, when = {}) {
      const endless = fault.kind === 'clock' || when.probability !== undefined
      const entry = { fault, when, left: times ?? (endless ? Number.POSITIVE_INFINITY : 1), struck: 0 }
      if (entry.left > 0) waiting.push(entry)
      return () => {
        waiting = waiting.filter((one) => one !== entry)
      }
    },
    list: () => waiting.map((entry) => ({ ...entry })),
    clear() {
      waiting = []
    },
    take<M extends Moment>(moment: M, circumstances: Circumstances) {
      const entry = waiting.find(
        ({ fault, when }) =>
          momentOf[fault.kind] === moment &&
          fits(when, circumstances) &&
          (when.probability === undefined || chance() < when.probability),
      )
      if (entry === undefined) return undefined
      entry.left -= 1
      entry.struck += 1
      if (entry.left <= 0) waiting = waiting.filter((one) => one !== entry)
      onStrike(entry.fault, circumstances)
      return entry.fault as FaultAt<M>
    },
    skew: () => waiting.reduce((sum, { fault }) => sum + clockOf(fault), 0),
  }
}

function fits(when: When, now: Circumstances): boolean {
  const { action = now.action === undefined ? undefined : 'RunTask', subnet, capacity, lastStatus, service, url } = when
  return (
    (action === undefined || action === now.action) &&
    (subnet === undefined || now.subnets?.includes(subnet) === true) &&
    (capacity === undefined || capacity === now.capacity) &&
    (lastStatus === undefined || lastStatus === now.lastStatus) &&
    (service === undefined || service === now.service) &&
    (url === undefined || now.url?.includes(url) === true)
  )
}

/** Numbers from 0 to 1: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
