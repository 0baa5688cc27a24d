// The page: sends the form, and shows how each run goes. Whatever comes from elsewhere is shown by textContent alone.
const at = (id) => document.getElementById(id)
const form = at('form')
const button = at('analyze')
const fields = ['dataset', 'depth']

// ── the form ──────────────────────────────────────────────────────────────────

/** What one click means. As long as it is the same, it has the same id; and the same id is the same run, however often it is sent. */
let click = newId()
/** `sending`, or `taken`: this very click has a run that is not over yet. */
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
    enter('taken', 'Analyzing…')
    announce(body)
    await follow(body)
    if (click === sent) nextClick()
    return
  }
  // Where no answer came, it may run all the same: the next try is still the same click.
  enter('ready', 'Analyze')
  if (status === 422) showProblems(body.problems)
  else at('form-problem').textContent = `${body.message} ${status === 503 ? 'Please try again.' : ''}`.trim()
})

/** Not `disabled`: a button that is loses the focus, and with it whoever uses the keyboard. */
function enter(next, label) {
  state = next
  button.textContent = label
  button.setAttribute('aria-disabled', String(next !== 'ready'))
  for (const name of fields) form[name].readOnly = next === 'sending'
}

/** Other values, or the same once more after the last run. */
function nextClick() {
  click = newId()
  enter('ready', 'Analyze')
}

/** Random, and there without HTTPS too, unlike randomUUID. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What cannot be read as a number is sent as it is, so that it is refused and not left out. */
function numberIn(input) {
  if (input.validity.badInput) return 'not a number'
  return input.value === '' ? undefined : Number(input.value)
}

/** Each beside its field; what belongs to none below them all. */
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

/** Milliseconds between two looks: every second at first, for a task may take as long as it likes. */
const pauses = { first: 1000, longest: 10_000, growth: 1.15 }

/** Shows a run until it is over, and keeps it for when the page is loaded anew. */
async function follow(run) {
  const card = cardFor(run.run)
  let view = run
  let trouble = ''
  const draw = () => show(card, view, trouble)
  const clock = setInterval(draw, 1000)
  remember(view)
  draw()
  for (let pause = pauses.first; !isOver(view); pause = Math.min(pause * pauses.growth, pauses.longest)) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    const { status, body } = await ask(`runs/${encodeURIComponent(view.run)}`)
    if (status === 404) {
      trouble = body.message
      break
    }
    trouble = status === 200 ? '' : `${body.message} Looking again soon.`
    if (status === 200) {
      const isNews = body.status !== view.status
      view = body
      remember(view)
      if (isNews) announce(view)
    }
    draw()
  }
  clearInterval(clock)
  draw()
  if (trouble !== '') card.removeAttribute('aria-busy')
}

/** The same run sent twice is one card. */
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

/** Of the task itself once it has begun, else of the wait. Absent where it never began. */
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

/** Never throws: where nobody answers, it is as if the server had said so. */
async function ask(path, init) {
  try {
    const response = await fetch(path, init)
    return { status: response.status, body: await response.json() }
  } catch {
    return { status: 503, body: { message: 'The server cannot be reached right now.' } }
  }
}

// ── after a reload ────────────────────────────────────────────────────────────

const mostRemembered = 20

function remember(view) {
  const runs = remembered()
  const known = runs.findIndex(({ run }) => run === view.run)
  runs.splice(known < 0 ? runs.length : known, 1, view)
  try {
    localStorage.setItem('runs', JSON.stringify(runs.slice(-mostRemembered)))
  } catch {
    // A browser that keeps nothing shows what is going on all the same.
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
