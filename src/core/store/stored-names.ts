/**
 * Names of attributes in the table that differ from the names in code. Rows of earlier versions have them and IAM policies name them,
 * so they stay. This is the only place that maps them.
 */
const storedNames: Readonly<Record<string, string>> = {
  notified: 'told',
  notifiedRev: 'toldRev',
  notifiedAt: 'toldAt',
  notifyTries: 'tellTries',
  notifyingUntil: 'tellingUntil',
  replyAddress: 'answerTo',
  replyAddressFrom: 'answerAs',
}

const namesInCode: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(storedNames).map(([code, stored]) => [stored, code]),
)

const nameIn = (names: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(names, name) ? (names[name] ?? name) : name

/** `notified` → `told`; a name that is the same in both stays. */
export const storedName = (field: string): string => nameIn(storedNames, field)

/** The fields of a record under the names that they have in the table. */
export const toStored = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [storedName(name), value]))

/** A condition under stored names: `notifiedAt = :since` → `toldAt = :since`. Placeholders of values keep their names. */
export const storedCondition = (when: string): string => when.replace(/(?<!:)\b[A-Za-z]\w*/g, storedName)

/** An item of the table under the names that its attributes have in code. */
export const fromStored = (item: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [nameIn(namesInCode, name), value]))
