/** Counts the log lines of a process by their text. */
import type { ChildProcess } from 'node:child_process'

export function countLogLines({ stdout, stderr }: ChildProcess, counts: Map<string, number>): void {
  for (const stream of [stdout, stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines.map(textOf)) counts.set(line, (counts.get(line) ?? 0) + 1)
    })
  }
}

/** Message and error, without ids, which differ in each line. */
function textOf(line: string): string {
  try {
    const { msg, error = '' } = JSON.parse(line) as { msg: string; error?: string }
    return `${msg} ${error}`.trim().replace(/[0-9a-f]{20}/g, '…')
  } catch {
    return line
  }
}
