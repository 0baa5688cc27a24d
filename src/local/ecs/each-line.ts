import type { Readable } from 'node:stream'

/** Hands a stream of text over line by line; the last one needs no line feed. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  // 'close' and not 'end': a stream that is torn down has a last line too.
  stream.once('close', () => {
    if (rest !== '') take(rest)
  })
}
