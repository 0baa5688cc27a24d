/** Measures how long a pattern takes for texts that are meant to slow it down. */
import { TimeBudgetExceeded, withTimeBudget } from '../core/routing/time-budget.ts'
import { type RedosSample, sampleText } from './redos-samples.ts'

/**
 * Many ordinary patterns (`\s+$`) take n² steps: 30 to 120 ms for 8,192 characters, which is accepted. Patterns that take n³ or 2ⁿ are
 * not. For 1,024 characters the three take 1 ms, 250 ms and forever, so slow and fast machines come to the same result.
 */
const shortText = { characters: 1024, maxMs: 25 } as const

/** Milliseconds at full length, for patterns that take n² steps with a large factor. */
const maxFullLengthMs = 400

/** The first sample that takes too long. @param maxLength characters of the longest text that the pattern is used on */
export function slowSample(
  pattern: RegExp,
  samples: readonly RedosSample[],
  maxLength: number,
): RedosSample | undefined {
  const shortTextOf = (sample: RedosSample): string => sampleText(sample, Math.min(maxLength, shortText.characters))
  let slowest: { ms: number; sample: RedosSample } | undefined
  const compare = (ms: number, sample: RedosSample): void => {
    if (slowest === undefined || ms > slowest.ms) slowest = { ms, sample }
  }
  for (let rest = samples; rest[0] !== undefined; rest = rest.slice(1)) {
    rest = skipFast(pattern, rest, shortTextOf, compare)
    if (rest[0] === undefined) break
    const ms = cpuMs(pattern, shortTextOf(rest[0]), shortText.maxMs)
    if (ms >= shortText.maxMs) return rest[0]
    compare(ms, rest[0])
  }
  if (slowest === undefined || maxLength <= shortText.characters) return undefined
  const ms = cpuMs(pattern, sampleText(slowest.sample, maxLength), maxFullLengthMs)
  return ms >= maxFullLengthMs ? slowest.sample : undefined
}

/** Many samples in one time budget, because each budget starts a thread. @returns the samples from the first one that needs a closer look */
function skipFast(
  pattern: RegExp,
  samples: readonly RedosSample[],
  textOf: (sample: RedosSample) => string,
  onFast: (ms: number, sample: RedosSample) => void,
): readonly RedosSample[] {
  let fast = 0
  const run = (): void => {
    for (const sample of samples) {
      const text = textOf(sample)
      warmUp(pattern, text)
      const start = performance.now()
      pattern.test(text)
      const ms = performance.now() - start
      if (ms >= shortText.maxMs / 2) return
      onFast(ms, sample)
      fast++
    }
  }
  try {
    withTimeBudget(shortText.maxMs * 6, run)
  } catch (error) {
    if (!(error instanceof TimeBudgetExceeded)) throw error
  }
  return samples.slice(fast)
}

/** V8 interprets the first run of a pattern, which takes ten times as long, and compiles it for the second. */
function warmUp(pattern: RegExp, text: string): void {
  pattern.test(text.slice(-16))
  pattern.test(text.slice(-16))
}

/**
 * Milliseconds of CPU time, as on a machine that does nothing else. A long result is only believed when it comes again: a machine that
 * stands still for a quarter of a second must not turn a harmless pattern into a problem.
 */
function cpuMs(pattern: RegExp, text: string, limit: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let times = 0; times < 2 && least >= limit / 2; times++) least = Math.min(least, measure(pattern, text, limit))
  return least < limit / 2 || least > limit * 4 ? least : least / slowness()
}

/** It takes n² steps, and about 12 ms where nothing else runs. Programs that share the processor's caches make it slower, and the pattern too. */
const reference = { pattern: /\w*!/u, text: 'a'.repeat(4096), ms: 12 }

/** How many times slower the machine is at the moment. At least 1. */
const slowness = (): number =>
  Math.max(1, Math.min(...[1, 2, 3].map(() => measure(reference.pattern, reference.text, 1000))) / reference.ms)

function measure(pattern: RegExp, text: string, limit: number): number {
  let [cpuStart, start] = [process.cpuUsage(), performance.now()]
  // CPU time also counts Node's own threads (garbage collection), and the clock also counts what other programs do.
  const elapsed = (): number => Math.min(process.cpuUsage(cpuStart).user / 1000, performance.now() - start)
  try {
    withTimeBudget(limit * 6, () => warmUp(pattern, text))
    ;[cpuStart, start] = [process.cpuUsage(), performance.now()]
    withTimeBudget(limit * 6, () => pattern.test(text))
  } catch (error) {
    if (error instanceof TimeBudgetExceeded) return Math.max(limit, elapsed())
    throw error
  }
  return elapsed()
}
