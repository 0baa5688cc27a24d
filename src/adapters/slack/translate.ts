import type { Translation, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, parseForm, parseJson } from '../../core/http/body.ts'
import { json } from '../../core/http/json-reply.ts'
import type { Dispatch } from './bolt.ts'

/** Commands come as forms, events as JSON; the handshakes of either are answered here. */
export async function translate(request: VerifiedRequest, dispatch: Dispatch): Promise<Translation> {
  const body = bodyOf(request)
  if (body.ssl_check === '1') {
    return { kind: 'reply', reply: { status: 200, headers: {}, body: '' }, reason: 'ssl_check' }
  }
  if (body.type === 'url_verification') {
    return { kind: 'reply', reply: json(200, { challenge: String(body.challenge ?? '') }), reason: 'url_verification' }
  }
  if (typeof body.command === 'string' && typeof body.user_id !== 'string')
    throw new BadRequest('the command has no user_id')
  // They go into messages, logs and the container.
  for (const key of ['command', 'user_id', 'channel_id'])
    if (typeof body[key] === 'string' && body[key].length > 255)
      throw new BadRequest(`the ${key} is too long to be one`)
  // It is logged, so it must be a name and nothing else.
  if (typeof body.command === 'string' && !/^\/\S{1,99}$/.test(body.command))
    throw new BadRequest('the command is not a name like "/analyze"')
  const decided = await dispatch(body).catch((cause: unknown) => {
    // Bolt goes by `type` and takes the rest for granted.
    throw new BadRequest('the body lacks what its type promises', cause)
  })
  return (
    decided ?? {
      kind: 'ignore',
      reason: 'nothing that taskhook listens to: only slash commands, its own forms and its own buttons are',
    }
  )
}

function bodyOf(request: VerifiedRequest): Readonly<Record<string, unknown>> {
  const text = bodyText(request.body)
  // The content type is not signed, so the bytes decide: a form of Slack's never begins like JSON.
  if (/^\s*[{[]/.test(text)) return objectOf(parseJson(text))
  const form = parseForm(text)
  return form.payload === undefined ? form : objectOf(parseJson(form.payload))
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('the body is not a JSON object')
  return value as Readonly<Record<string, unknown>>
}
