/** The pending faults: added by a person or a test, and taken at the injection points in the order in which they were added. */
import {
  type Fault,
  type FaultAt,
  type FaultContext,
  type FaultFilter,
  type InjectionPoint,
  injectionPointOf,
} from './fault-kinds.ts'

export interface PendingFault {
  readonly fault: Fault
  readonly filter: FaultFilter
  /** How many more times it will be injected. Infinity: until it is removed. */
  readonly remaining: number
  /** How many times it was injected. */
  readonly injected: number
}

/** For those who add faults: a person, a test. */
export interface FaultInjector {
  /**
   * @param times how often, after the faults that are already pending. Default: 1; Infinity with a probability and for the clock
   * @returns removes the fault
   */
  inject(fault: Fault, times?: number, filter?: FaultFilter): () => void
  /** The faults that are still to be injected. */
  pending(): readonly PendingFault[]
  clear(): void
}

/** For the injection points, which ask for a fault and apply it. */
export interface FaultSource {
  /** The first pending fault that matches. It counts as injected. */
  take<P extends InjectionPoint>(point: P, context: FaultContext): FaultAt<P> | undefined
  /** Milliseconds by which the handlers' clock is wrong. */
  clockSkew(): number
}

export interface FaultInjectorOptions {
  /** The same seed injects faults with a probability at the same calls. */
  readonly seed?: number
  onInject?(fault: Fault, context: FaultContext): void
}

export function createFaultInjector({
  seed = 1,
  onInject = () => {},
}: FaultInjectorOptions = {}): FaultInjector & FaultSource {
  let entries: Writable<PendingFault>[] = []
  const random = randomFrom(seed)
  return {
    inject(fault, times, filter = {}) {
      const unlimited = fault.kind === 'clock' || filter.probability !== undefined
      const entry = { fault, filter, remaining: times ?? (unlimited ? Number.POSITIVE_INFINITY : 1), injected: 0 }
      if (entry.remaining > 0) entries.push(entry)
      return () => {
        entries = entries.filter((one) => one !== entry)
      }
    },
    pending: () => entries.map((entry) => ({ ...entry })),
    clear() {
      entries = []
    },
    take<P extends InjectionPoint>(point: P, context: FaultContext) {
      const entry = entries.find(
        ({ fault, filter }) =>
          injectionPointOf[fault.kind] === point &&
          matches(filter, context) &&
          (filter.probability === undefined || random() < filter.probability),
      )
      if (entry === undefined) return undefined
      entry.remaining -= 1
      entry.injected += 1
      if (entry.remaining <= 0) entries = entries.filter((one) => one !== entry)
      onInject(entry.fault, context)
      return entry.fault as FaultAt<P>
    },
    clockSkew: () => entries.reduce((sum, { fault }) => sum + (fault.kind === 'clock' ? fault.ms : 0), 0),
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function matches(filter: FaultFilter, context: FaultContext): boolean {
  const { action = context.action === undefined ? undefined : 'RunTask' } = filter
  const { subnet, capacity, lastStatus, service, url } = filter
  return (
    (action === undefined || action === context.action) &&
    (subnet === undefined || context.subnets?.includes(subnet) === true) &&
    (capacity === undefined || capacity === context.capacity) &&
    (lastStatus === undefined || lastStatus === context.lastStatus) &&
    (service === undefined || service === context.service) &&
    (url === undefined || context.url?.includes(url) === true)
  )
}

/** Numbers from 0 to 1: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
