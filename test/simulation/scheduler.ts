/**
 * Time and chance. Every request of an invocation is a pending call. The seed decides which call proceeds next, and whether time passes
 * first. Between two steps everything runs that needs no call, so a seed is one history.
 */
import { type Faults, noFaults, type Pace } from './faults.ts'
import type { Random } from './random.ts'

/** One invocation of a function. */
export interface Life {
  readonly name: string
  /** When Lambda ends it. */
  readonly until: number
  alive: boolean
}
/** Which faults a call can have: a `write` can be late, and a `wait` always returns. */
export type Kind = 'read' | 'write' | 'call' | 'wait'
export type Ending = { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'failed' | 'died' }

export interface Scheduler {
  now(): number
  faults(): Faults
  /** Ends all faults. */
  calm(): void
  /** @param lost is called if the first attempt of the SDK gets no answer, and it repeats the call */
  call<T>(life: Life, what: string, kind: Kind, effect: () => T, lost?: () => void): Promise<T>
  at(time: number, action: () => void): void
  begin(name: string, seconds: number, work: (life: Life) => Promise<unknown>, ended: (how: Ending) => void): void
  /** One step. */
  step(): Promise<void>
  /** Whether nothing is pending except this number of timers. */
  isIdle(timers: number): boolean
  note(text: string): void
  count(what: string): void
  readonly trace: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

interface Call {
  readonly life: Life
  readonly what: string
  readonly kind: Kind
  readonly effect: () => unknown
  readonly lost: () => void
  /** The call ends at this time at the latest. */
  readonly latest: number
  readonly answer: (outcome: Outcome) => void
  /** It has taken effect, and the answer has not arrived. */
  outcome?: Outcome
}
type Outcome = { readonly value: unknown } | { readonly error: unknown }

export const lateWrites = 'late writes'

/** The command and its key. */
const subjectOf = (what: string): string => what.split(' ', 2).join(' ')

const epoch = 1_800_000_000_000

export function createScheduler(random: Random, drawn: Faults, pace: Pace): Scheduler {
  let now = epoch
  let faults = drawn
  let lives = 0
  const calls: Call[] = []
  const late: Call[] = []
  const timers: { readonly time: number; readonly action: () => void }[] = []
  const ends = new Map<Life, (how: Ending) => void>()
  const trace: string[] = []
  const counts: Record<string, number> = {}
  const note = (text: string) => void trace.push(`${((now - epoch) / 1000).toFixed(3).padStart(10)} ${text}`)
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }

  const end = (life: Life, how: Ending): void => {
    if (!life.alive) return
    life.alive = false
    ends.get(life)?.(how)
    ends.delete(life)
  }

  /**
   * A write of a dead invocation takes effect later, or when another invocation uses the same item, preferably at the worst moment.
   * AWS refuses requests that were signed more than 15 minutes ago. https://docs.aws.amazon.com/general/latest/gr/sigv4-troubleshooting.html
   */
  const delay = (call: Call): void => {
    late.push(call)
    timers.push({
      time: now + random.between(1_000, random.chance(0.5) ? 10_000 : 890_000),
      action: () => arrive(call),
    })
  }
  const arrive = (call: Call): void => {
    if (!late.includes(call)) return
    late.splice(late.indexOf(call), 1)
    count(lateWrites)
    perform({ ...call, life: { ...call.life, name: `${call.life.name}, dead,` } })
  }
  const bringLate = ({ what }: Call): void => {
    // Not at the claim of the next invocation: until then the write of the dead one is still correct.
    if (what.includes('status=starting leaseUntil')) return
    const subject = subjectOf(what)
    const stray = late.find((call) => subjectOf(call.what) === subject)
    // Between RunTask and the record of it a late write does the most harm.
    const worst = what.includes('taskArn=')
    if (stray !== undefined && random.chance(worst ? 0.9 : 0.2)) arrive(stray)
  }

  const perform = ({ what, life, effect }: Call): Outcome => {
    try {
      const value = effect()
      note(`${life.name}: ${what}`)
      return { value }
    } catch (error) {
      note(`${life.name}: ${what} → ${(error as Error).name}`)
      return { error }
    }
  }

  const die = (life: Life, why: string): void => {
    note(`${life.name}: ${why}`)
    count(why)
    const left = calls.filter((call) => call.life === life)
    for (const call of left) {
      calls.splice(calls.indexOf(call), 1)
      if (call.outcome !== undefined || call.kind === 'wait') continue
      if (call.kind === 'write' && random.chance(faults.late)) delay(call)
      else if (random.chance(0.5)) perform(call)
    }
    end(life, { kind: 'died' })
  }

  /** The call takes effect or not, and its answer arrives at once or later. */
  const advance = (call: Call): void => {
    const isWeak = faults.weakSpot !== undefined && call.what.includes(faults.weakSpot)
    if (call.kind !== 'wait' && random.chance(isWeak ? 0.5 : faults.crash)) {
      die(call.life, 'dies')
      return
    }
    const onItsWay = call.outcome === undefined && random.chance(0.3)
    if (call.outcome === undefined) bringLate(call)
    call.outcome ??= outcomeOf(call)
    if (onItsWay) return
    calls.splice(calls.indexOf(call), 1)
    call.answer(call.outcome)
  }

  const outcomeOf = (call: Call): Outcome => {
    if (call.kind === 'wait') return perform(call)
    if (random.chance(faults.lost)) {
      count('lost answers')
      if (random.chance(0.5)) perform(call)
      note(`${call.life.name}: no answer to ${call.what}`)
      return { error: Object.assign(new Error('no answer'), { name: 'TimeoutError' }) }
    }
    if (random.chance(faults.twice)) {
      count('retries of the SDK')
      perform(call)
      call.lost()
    }
    return perform(call)
  }

  const fire = (): void => {
    const next = timers.reduce((first, timer) => (timer.time < first.time ? timer : first))
    timers.splice(timers.indexOf(next), 1)
    now = Math.max(now, next.time)
    next.action()
  }

  return {
    now: () => now,
    faults: () => faults,
    calm() {
      note('no more faults')
      faults = noFaults
    },
    call: (life, what, kind, effect, lost = () => {}) =>
      new Promise((resolve, reject) => {
        // A dead invocation makes no further call.
        if (!life.alive) return
        const latest = now + (random.chance(0.03) ? 5_000 : pace.call)
        const answer = (outcome: Outcome) =>
          'error' in outcome ? reject(outcome.error) : resolve(outcome.value as never)
        calls.push({ life, what, kind, effect, lost, latest, answer })
      }),
    at: (time, action) => void timers.push({ time, action }),
    begin(name, seconds, work, ended) {
      const life: Life = { name: `${name}#${++lives}`, until: now + seconds * 1000, alive: true }
      ends.set(life, ended)
      note(`${life.name} begins`)
      work(life).then(
        (value) => end(life, { kind: 'done', value }),
        (error) => {
          if (life.alive) note(`${life.name} fails: ${error}`)
          end(life, { kind: 'failed' })
        },
      )
    },
    async step() {
      count('steps')
      now += random.below(20)
      for (const life of new Set(calls.map(({ life }) => life))) if (life.until < now) die(life, 'takes too long')
      const horizon = Math.min(...calls.map(({ latest }) => latest))
      const timer = Math.min(...timers.map(({ time }) => time))
      const mayFire = timer <= Math.max(now, horizon)
      if (calls.length === 0 || (mayFire && random.chance(timer <= now ? 0.5 : pace.eagerness))) fire()
      else advance(random.pick(calls))
      await new Promise(setImmediate)
    },
    isIdle: (most) => calls.length === 0 && ends.size === 0 && timers.length <= most,
    note,
    count,
    trace,
    counts,
  }
}
