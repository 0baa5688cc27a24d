/** The lines of runs: status, output and progress, in an order that makes sense to a reader. */
import type pc from 'picocolors'
import { isTerminal } from '../../core/model/run.ts'
import type { RunEntry } from '../../core/telemetry/log-entries.ts'
import type { LineWriter } from './line-writer.ts'
import { runText, truncateLines } from './log-text.ts'

export interface RunLines {
  /** An accepted run. Its output is held back until the run is known to be running. */
  expect(run: string): void
  update(entry: RunEntry): void
  output(run: string | undefined, text: string): void
  progress(run: string, text: string): void
}

export function createRunLines(line: LineWriter, colors: ReturnType<typeof pc.createColors>): RunLines {
  const tasks = new Map<string, string>()
  /** A program can print before the event of its start arrives. */
  const heldOutput = new Map<string, string[]>()
  const tags = createRunTags()
  const labelOf = (run: string | undefined): string => (run === undefined ? undefined : tasks.get(run)) ?? 'task'

  const printOutput = (run: string | undefined, text: string): void =>
    line(labelOf(run), truncateLines(text), undefined, `${run === undefined ? '' : tags.tagOf(run)}│ `)
  const releaseOutput = (run: string): void => {
    const held = heldOutput.get(run) ?? []
    heldOutput.delete(run)
    for (const text of held) printOutput(run, text)
  }

  return {
    expect: (run) => void heldOutput.set(run, []),
    update(entry) {
      const { run, task, status } = entry
      tasks.set(run, task)
      tags.update(entry)
      // Output precedes the end of its run, also if the event of the start never arrived.
      if (isTerminal(status)) releaseOutput(run)
      const isActive = status === 'queued' || status === 'starting' || status === 'running'
      const paint = status === 'succeeded' ? colors.green : isActive ? colors.blue : colors.red
      line(task, `${tags.tagOf(run)}● ${runText(entry)}`, paint)
      if (status === 'running') releaseOutput(run)
    },
    output(run, text) {
      const held = run === undefined ? undefined : heldOutput.get(run)
      if (held === undefined) printOutput(run, text)
      else held.push(text)
    },
    progress: (run, text) => line(labelOf(run), `${tags.tagOf(run)}↑ ${text}`, colors.blue),
  }
}

/** Overlapping runs of one task are tagged with the first characters of their ids. */
function createRunTags() {
  const activeTasks = new Map<string, string>()
  const tagged = new Set<string>()
  return {
    update({ run, task, status }: RunEntry): void {
      const others = [...activeTasks].filter(([other, its]) => other !== run && its === task).map(([other]) => other)
      for (const each of others.length > 0 ? [run, ...others] : []) tagged.add(each)
      if (isTerminal(status)) activeTasks.delete(run)
      else activeTasks.set(run, task)
    },
    tagOf: (run: string): string => (tagged.has(run) ? `${run.slice(0, 4)} ` : ''),
  }
}
