// The app's server. The browser talks only to it. The signing secret stays here, and so do the status URLs, which give control of a run.
// It has no login. Put your own before `start` and `show`.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createTaskhook, Unreachable } from './taskhook-client.mjs'

const { TASKHOOK_URL, TASKHOOK_SECRET, APP_HOST = '127.0.0.1', APP_PORT = '3000' } = process.env
if (!TASKHOOK_URL || !TASKHOOK_SECRET) {
  console.error('TASKHOOK_URL and TASKHOOK_SECRET must be set; on your machine: node --env-file=dev.env server.mjs')
  process.exit(1)
}
const taskhook = createTaskhook(TASKHOOK_URL, TASKHOOK_SECRET)

const file = (name, type) => ({ type, content: readFileSync(new URL(`public/${name}`, import.meta.url)) })
const files = {
  '/': file('index.html', 'text/html; charset=utf-8'),
  '/app.mjs': file('app.mjs', 'text/javascript; charset=utf-8'),
  '/style.css': file('style.css', 'text/css; charset=utf-8'),
  '/icon.svg': file('icon.svg', 'image/svg+xml'),
}

/** Status URLs by run, the newest last. A real app stores them in its database, with the user who owns the run. */
const statusUrls = new Map()
const maxRuns = 10_000
const maxBytes = 10_000

/** An error that the page may show. */
class HttpError extends Error {
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** POST /runs: one click. */
async function start(request) {
  const { click, dataset, depth } = await readJson(request)
  if (typeof click !== 'string' || !/^[\w-]{16,64}$/.test(click)) throw new HttpError(400, 'The click has no id.')
  // taskhook validates the parameters as the config declares them, so there is no second copy of the rules here.
  const { status, body } = await taskhook.send(`click_${click}`, { dataset, depth })
  if (status === 422 && Array.isArray(body.problems)) return { status, body: { problems: body.problems } }
  if ((status !== 200 && status !== 202) || body.statusUrl === undefined) {
    console.error(`taskhook answered ${status}: ${body.detail ?? body.reason ?? JSON.stringify(body)}`)
    throw new HttpError(502, 'The analysis could not be started: this app is not set up correctly.')
  }
  statusUrls.delete(body.run)
  statusUrls.set(body.run, body.statusUrl)
  if (statusUrls.size > maxRuns) statusUrls.delete(statusUrls.keys().next().value)
  return { status, body: viewOf(body) }
}

/** GET /runs/:id */
async function show(id) {
  const statusUrl = statusUrls.get(id)
  if (statusUrl === undefined) throw new HttpError(404, 'This server does not know this run.')
  const { status, body } = await taskhook.status(statusUrl)
  if (status !== 200) throw new HttpError(404, 'This run no longer exists.')
  return { status: 200, body: viewOf(body) }
}

/** The fields that the page may see: neither the status URL nor the task's ARN. */
const viewOf = ({ run, status, params, createdAt, startedAt, stoppedAt, exitCode, reason }) => ({
  run,
  status,
  params,
  createdAt,
  startedAt,
  stoppedAt,
  exitCode,
  reason,
})

async function readJson(request) {
  // A page on another origin can send this content type only after a CORS preflight, which this server does not allow.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new HttpError(415, 'Send JSON.')
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maxBytes) throw new HttpError(413, 'The body is too large.')
    chunks.push(chunk)
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString())
    if (typeof value === 'object' && value !== null) return value
  } catch {}
  throw new HttpError(400, 'The body is not a JSON object.')
}

async function answer(request) {
  const { method, url } = request
  const [path] = url.split('?')
  if (method === 'POST' && path === '/runs') return start(request)
  if (method === 'GET' && path.startsWith('/runs/')) return show(path.slice('/runs/'.length))
  if (method === 'GET' && Object.hasOwn(files, path)) return { status: 200, ...files[path] }
  throw new HttpError(404, 'There is nothing at this address.')
}

function errorAnswer(error) {
  if (error instanceof HttpError) return { status: error.status, body: { message: error.message } }
  if (error instanceof Unreachable) {
    console.error(`taskhook at ${TASKHOOK_URL}: ${error.message}`)
    return { status: 503, body: { message: 'The analysis service cannot be reached right now.' } }
  }
  console.error(error)
  return { status: 500, body: { message: 'Something went wrong on the server.' } }
}

const commonHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const server = createServer(async (request, response) => {
  const { status, type = 'application/json', content, body } = await answer(request).catch(errorAnswer)
  response.writeHead(status, { ...commonHeaders, 'content-type': type }).end(content ?? JSON.stringify(body))
})
server.listen(Number(APP_PORT), APP_HOST, () => {
  console.log(`listening on http://${APP_HOST}:${server.address().port}`)
})
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
}
