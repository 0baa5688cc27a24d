/** Figures from the measurements of several subjects in the same rounds. Pure. */
import { type Measurement, median, type Subject } from './measure.ts'

export type Results = ReadonlyMap<Subject, readonly Measurement[]>

export interface Build {
  readonly github: Subject
  readonly slackPush: Subject
  readonly slackCommand: Subject
}

export interface Figure {
  readonly what: string
  value(build: Build): string
  /** The goal of the project. */
  readonly goal?: string
}

const ms = (value: number): string => `${value.toFixed(1)} ms`

export function figuresOf(results: Results, empty: Subject, bolt: Subject) {
  const all = (subject: Subject, key: keyof Measurement): readonly number[] =>
    (results.get(subject) ?? []).map((measurement) => measurement[key])
  /** Compared with the empty handler of the same round. */
  const overEmpty = (subject: Subject, key: 'ready' | 'first'): number =>
    median(all(subject, key).map((value, round) => value - (all(empty, 'ready')[round] ?? 0)))
  /** The minimum of the rounds, since other programs on the machine can only add to it. */
  const cpuOverEmpty = (subject: Subject, key: 'readyCpu' | 'firstCpu'): number =>
    Math.min(...all(subject, key)) - Math.min(...all(empty, 'readyCpu'))
  const toBolt = (subject: Subject): number => overEmpty(subject, 'ready') / overEmpty(bolt, 'ready')
  const figures: readonly Figure[] = [
    {
      what: 'receive ready over empty, GitHub and HMAC',
      value: ({ github }) => ms(overEmpty(github, 'ready')),
      goal: '≤ 40 ms',
    },
    { what: 'receive ready over empty, with Slack', value: ({ slackPush }) => ms(overEmpty(slackPush, 'ready')) },
    { what: "with Slack ÷ Bolt's receiver", value: ({ slackPush }) => toBolt(slackPush).toFixed(2), goal: '≤ 1.0' },
    { what: 'CPU time until ready, with Slack', value: ({ slackPush }) => ms(cpuOverEmpty(slackPush, 'readyCpu')) },
    {
      what: 'first response over empty, GitHub push',
      value: ({ github }) => ms(overEmpty(github, 'first')),
      goal: '≤ 70 ms',
    },
    {
      what: 'first response over empty, Slack command',
      value: ({ slackCommand }) => ms(overEmpty(slackCommand, 'first')),
    },
    {
      what: 'CPU time until that response',
      value: ({ slackCommand }) => ms(cpuOverEmpty(slackCommand, 'firstCpu')),
    },
    { what: 'warm response, two calls to a local stub', value: ({ github }) => ms(median(all(github, 'warm'))) },
    { what: 'warm response to a Slack command', value: ({ slackCommand }) => ms(median(all(slackCommand, 'warm'))) },
    { what: 'peak RSS, cold', value: ({ github }) => `${median(all(github, 'rss')).toFixed(0)} MB`, goal: '≤ 70 MB' },
  ]
  return { figures, boltReady: ms(overEmpty(bolt, 'ready')) }
}
