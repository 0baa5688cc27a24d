/** A command of an AWS client, and its line in the trace. */
export interface Command {
  readonly constructor: { readonly name: string }
  readonly input: Readonly<Record<string, unknown>>
  readonly middlewareStack?: { resolve(last: Handler, context: object): Handler }
}
type Handler = (call: { readonly input: unknown }) => Promise<unknown>

/** One attempt of the SDK gets no answer: the middleware that observes attempts sees it, as with the SDK. */
export function loseTry({ middlewareStack, input }: Command): void {
  const unanswered: Handler = async () => {
    throw Object.assign(new Error('no answer'), { name: 'TimeoutError' })
  }
  middlewareStack
    ?.resolve(
      unanswered,
      {},
    )({ input })
    .catch(() => {})
}

type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export function about({ constructor: made, input }: Command): string {
  const verb = made.name.replace('Command', '')
  const key = ((input.Key ?? input.Item) as Values | undefined)?.pk?.S
  const subject = typeof key === 'string' ? ` ${shortKey(key)}` : ''
  const sets = Object.entries((input.ExpressionAttributeValues ?? {}) as Values)
    .filter(([name]) => name.startsWith(':set_'))
    .map(([name, value]) => `${name.slice(5)}=${shown(value)}`)
  const more = [
    input.MessageBody,
    input.IndexName,
    input.reason,
    (input.startedBy as string | undefined)?.slice(-20, -16),
  ]
  const token = typeof input.clientToken === 'string' ? `token ${input.clientToken.slice(0, 4)}` : undefined
  return `${verb}${subject} ${[...sets, ...more, token].filter((part) => part !== undefined).join(' ')}`.trimEnd()
}

const shortKey = (key: string): string => key.replace(/^(run#....).*/, '$1').replace(/^(group#.{10}).*/, '$1')

const shown = (value: Readonly<Record<string, unknown>>): string => {
  const plain = Object.values(value)[0]
  return Array.isArray(plain)
    ? `[${plain.map((each) => String(each?.S ?? '').slice(16, 20)).join(' ')}]`
    : String(plain).slice(0, 40)
}
