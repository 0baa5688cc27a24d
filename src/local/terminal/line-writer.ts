/** Writes lines with a time and a label, wrapped to the columns of the terminal. */
import pc from 'picocolors'
import { printable, wrap } from '../../core/text/terminal-text.ts'

export type Paint = (text: string) => string

/** @param mark precedes the text on each of its lines */
export type LineWriter = (label: string, text: string, paint?: Paint, mark?: string) => void

export interface LineWriterOptions {
  readonly write: (text: string) => void
  readonly now?: () => number
  readonly color: boolean
  readonly columns?: number
  /** Labels that will be used, so that their column is wide enough. */
  readonly labels?: readonly string[]
}

const clockWidth = 9
const [minLabelWidth, maxLabelWidth] = [9, 20]
/** Kept for the text, however narrow the terminal is. */
const minTextWidth = 20

export function createLineWriter(options: LineWriterOptions): LineWriter {
  const { write, now = Date.now, color, columns = 80, labels = [] } = options
  const { dim, bold } = pc.createColors(color)
  const labelWidth = Math.min(maxLabelWidth, Math.max(minLabelWidth, ...labels.map((label) => label.length)))
  const indent = ' '.repeat(clockWidth + labelWidth + 1)
  const textWidth = Math.max(minTextWidth, columns - indent.length)
  const clock = (): string => dim(new Date(now()).toTimeString().slice(0, 8))

  return (label, text, paint = (plain) => plain, mark = '') => {
    const name = printable(label)
    const shown = name.length > labelWidth ? `${name.slice(0, labelWidth - 1)}…` : name.padEnd(labelWidth)
    const lines = text.split(/\r?\n/).flatMap((part) => wrap(printable(part), textWidth - mark.length))
    lines.forEach((part, at) => {
      write(`${at === 0 ? `${clock()} ${bold(shown)} ` : indent}${paint(`${mark}${part}`.trimEnd())}\n`)
    })
  }
}
