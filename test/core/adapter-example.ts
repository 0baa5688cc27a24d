import { type AdapterFactory, BadRequest, verifySignature } from '../../src/index.ts'

type TicketAddress = { readonly ticket: number }

export const helpdesk: AdapterFactory<TicketAddress> = ({ options: { apiUrl } }) => ({
  verify: (request, secrets, now) =>
    verifySignature({ header: 'x-helpdesk-signature', algorithm: 'sha256', encoding: 'hex' }, request, secrets, now),

  translate({ body, headers }) {
    const { ticket, label, author } = parseBody(body)
    const event = `labeled.${label}`
    const facts = { events: [event], user: author }
    const deliveryId = headers['x-helpdesk-delivery'] ?? ''
    const about = { event, deliveryId, actor: author, facts, payload: { ticket, label, author } }
    return { kind: 'run', trigger: { ...about, rawParams: { kind: 'none' }, replyAddress: { ticket } } }
  },

  parseAddress: (stored) =>
    stored instanceof Object && 'ticket' in stored && typeof stored.ticket === 'number'
      ? { ticket: stored.ticket }
      : null,

  async updateStatus(address, run, tools) {
    if (address === null) return undefined
    const response = await tools.fetch(`${apiUrl}/tickets/${address.ticket}/notes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tools.token('token')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: `${run.task} is ${run.status}: ${run.statusUrl}` }),
    })
    if (!response.ok) throw new Error(`the help desk answered ${response.status}`)
    return undefined
  },
})

function parseBody(body: Uint8Array) {
  try {
    const { ticket, label, author }: Record<string, unknown> = JSON.parse(Buffer.from(body).toString())
    if (typeof ticket === 'number' && typeof label === 'string' && typeof author === 'string')
      return { ticket, label, author }
  } catch (cause) {
    throw new BadRequest('the body is not a JSON object', cause)
  }
  throw new BadRequest('the body must have a ticket, a label and an author')
}
