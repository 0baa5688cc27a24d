// The page: sends the form and shows the status of each run. Text from the server is only ever set as textContent.
const at = (id) => document.getElementById(id)
const form = at('form')
const button = at('analyze')
const fields = ['dataset', 'depth']

// ── the form ──────────────────────────────────────────────────────────────────

/** The id of the click. A request with the same id is the same run, even if it is sent several times. */
let click = newId()
/** `ready`, `sending`, or `accepted` while the run of this click has not ended. */
let state = 'ready'

form.addEventListener('input', nextClick)
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  if (state !== 'ready') return
  enter('sending', 'Sending…')
  showProblems([])
  const sent = click
  const { status, body } = await ask('runs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ click, dataset: form.dataset.value.trim() || undefined, depth: numberIn(form.depth) }),
  })
  if (status === 200 || status === 202) {
    enter('accepted', 'Analyzing…')
    announce(body)
    await follow(body)
    if (click === sent) nextClick()
    return
  }
  // Without an answer, the run may have started anyway, so the next try keeps the id.
  enter('ready', 'Analyze')
  if (status === 422) showProblems(body.problems)
  else at('form-problem').textContent = `${body.message} ${status === 503 ? 'Please try again.' : ''}`.trim()
})

/** `aria-disabled` instead of `disabled`, because a disabled button loses the keyboard focus. */
function enter(next, label) {
  state = next
  button.textContent = label
  button.setAttribute('aria-disabled', String(next !== 'ready'))
  for (const name of fields) form[name].readOnly = next === 'sending'
}

/** After a change of the values, or after the run has ended, the next click is a new run. */
function nextClick() {
  click = newId()
  enter('ready', 'Analyze')
}

/** `crypto.randomUUID` exists only on HTTPS pages. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Sends text that is not a number as it is, so that taskhook rejects it instead of using the default. */
function numberIn(input) {
  if (input.validity.badInput) return 'not a number'
  return input.value === '' ? undefined : Number(input.value)
}

/** Shows each problem next to its field, and the rest below the form. */
function showProblems(problems) {
  const others = problems.filter(({ path }) => !fields.includes(path))
  at('form-problem').textContent = others.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')
  for (const name of fields) {
    const messages = problems.filter(({ path }) => path === name).map(({ message }) => message)
    at(`${name}-problem`).textContent = messages.map((message) => `${sentence(name)} ${message}`).join('. ')
    form[name].setAttribute('aria-invalid', String(messages.length > 0))
  }
  const first = fields.find((name) => problems.some(({ path }) => path === name))
  if (first !== undefined) form[first].focus()
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1)

// ── the runs ──────────────────────────────────────────────────────────────────

const statuses = {
  queued: ['waiting', 'Queued'],
  starting: ['waiting', 'Starting'],
  running: ['active', 'Running'],
  succeeded: ['good', 'Succeeded'],
  failed: ['bad', 'Failed'],
  cancelled: ['bad', 'Cancelled'],
  'timed-out': ['bad', 'Timed out'],
  'failed-to-start': ['bad', 'Could not start'],
}
const isOver = ({ status }) => !['queued', 'starting', 'running'].includes(status)

/** Milliseconds between two requests. The interval grows, because a task may take hours. */
const intervals = { first: 1000, longest: 10_000, growth: 1.15 }

/** Shows a run until it has ended, and saves it for the next time the page is loaded. */
async function follow(run) {
  const card = cardFor(run.run)
  let view = run
  let trouble = ''
  const draw = () => show(card, view, trouble)
  const clock = setInterval(draw, 1000)
  remember(view)
  draw()
  for (
    let interval = intervals.first;
    !isOver(view);
    interval = Math.min(interval * intervals.growth, intervals.longest)
  ) {
    await new Promise((resolve) => setTimeout(resolve, interval))
    const { status, body } = await ask(`runs/${encodeURIComponent(view.run)}`)
    if (status === 404) {
      trouble = body.message
      break
    }
    trouble = status === 200 ? '' : `${body.message} Trying again soon.`
    if (status === 200) {
      const hasChanged = body.status !== view.status
      view = body
      remember(view)
      if (hasChanged) announce(view)
    }
    draw()
  }
  clearInterval(clock)
  draw()
  if (trouble !== '') card.removeAttribute('aria-busy')
}

/** One card per run, even if the run was requested twice. */
function cardFor(id) {
  const known = at(`run-${id}`)
  if (known !== null) return known
  const card = at('run').content.firstElementChild.cloneNode(true)
  card.id = `run-${id}`
  at('runs').prepend(card)
  at('empty').hidden = true
  return card
}

function show(card, view, trouble) {
  const [tone, word] = statuses[view.status] ?? ['waiting', view.status]
  card.dataset.tone = tone
  card.setAttribute('aria-busy', String(!isOver(view)))
  card.querySelector('h3').textContent = view.params?.dataset ?? view.run
  card.querySelector('.status').textContent = word
  card.querySelector('.reason').textContent = trouble || sentence(view.reason ?? '')
  const facts = {
    Depth: view.params?.depth,
    [isOver(view) ? 'Took' : 'For']: duration(view),
    'Exit code': view.exitCode,
  }
  const known = Object.entries(facts).filter(([, value]) => value !== undefined)
  card.querySelector('dl').replaceChildren(...known.map(([term, value]) => pair(term, value)))
}

function pair(term, value) {
  const [div, dt, dd] = ['div', 'dt', 'dd'].map((name) => document.createElement(name))
  dt.textContent = term
  dd.textContent = String(value)
  div.append(dt, dd)
  return div
}

/** How long the task has run, or how long it has been queued. Undefined if it ended without starting. */
function duration({ createdAt, startedAt, stoppedAt, status }) {
  const over = isOver({ status })
  if (over && (startedAt === undefined || stoppedAt === undefined)) return undefined
  const end = over ? Date.parse(stoppedAt) : Date.now()
  const seconds = Math.max(0, Math.round((end - Date.parse(startedAt ?? createdAt)) / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return [hours && `${hours} h`, minutes && `${minutes} min`, hours === 0 && `${seconds % 60} s`]
    .filter(Boolean)
    .join(' ')
}

function announce({ status, params }) {
  const [, word] = statuses[status] ?? ['', status]
  at('news').textContent = `${params?.dataset ?? 'The run'}: ${word.toLowerCase()}`
}

// ── the server ────────────────────────────────────────────────────────────────

/** Never throws. If the server cannot be reached, the result looks like an answer of the server that says so. */
async function ask(path, init) {
  try {
    const response = await fetch(path, init)
    return { status: response.status, body: await response.json() }
  } catch {
    return { status: 503, body: { message: 'The server cannot be reached right now.' } }
  }
}

// ── after a reload ────────────────────────────────────────────────────────────

const maxRemembered = 20

function remember(view) {
  const runs = remembered()
  const known = runs.findIndex(({ run }) => run === view.run)
  runs.splice(known < 0 ? runs.length : known, 1, view)
  try {
    localStorage.setItem('runs', JSON.stringify(runs.slice(-maxRemembered)))
  } catch {
    // Without storage, the page still shows the runs of this visit.
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem('runs') ?? '[]')
  } catch {
    return []
  }
}

for (const run of remembered()) follow(run)
