/** Text that would change a terminal, and what a terminal shows of it. */
export const hostileTexts = [
  ['colors', '\u001b[31mred\u001b[0m', 'red'],
  ['a title', '\u001b]0;title\u0007text', 'text'],
  ['a link', '\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['a cleared screen', '\u001b[2J\u001b[H', ''],
  ['a bare escape', 'a\u001b', 'a␛'],
  ['the 8-bit form of an escape', 'a\u009b2Jb', 'ab'],
  ['a bell, a backspace, a null', '\u0007\u0008\u0000', '␇␈␀'],
  ['a carriage return that would overwrite the line', '10 %\r20 %', '10 %␍20 %'],
  ['a vertical tab and a form feed', '\u000b\u000c', '␋␌'],
  ['delete and other 8-bit controls', '\u007f\u0085\u0090', '���'],
  ['bidirectional controls', 'a\u202eb\u2066c', 'a�b�c'],
  ['line separators', 'a\u2028b\u2029c', 'a�b�c'],
  ['a tab', 'a\tb', 'a       b'],
] as const
