import type { Readable } from 'node:stream'

/** Calls back for each line of a stream of text. The last line needs no line feed. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
  // 'close', not 'end': a stream that is destroyed has a last line too.
  stream.once('close', () => {
    if (rest !== '') onLine(rest)
  })
}
