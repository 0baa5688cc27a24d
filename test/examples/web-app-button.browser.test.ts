/** The web app's page in a real browser. Skipped without one; CHROMIUM is the path of one in an unusual place. */
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Dev, startDev } from '../cli/process.ts'
import { type App, config, startApp } from './app.ts'

const browsers = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = browsers.find((path) => path !== undefined && existsSync(path)) ?? ''
const quiet = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run']
const silent = ['disable-background-networking', 'disable-component-update', 'disable-sync']

describe.skipIf(executablePath === '')('examples/web-app-button, in a browser', () => {
  let dev: Dev
  let app: App
  let browser: Browser
  beforeAll(async () => {
    dev = await startDev(config)
    app = await startApp(dev.url)
    browser = await chromium.launch({ executablePath, args: [...quiet, ...silent].map((name) => `--${name}`) })
  })
  afterAll(async () => {
    await browser?.close()
    await Promise.all([dev?.stop(), app?.stop()])
  })

  /** Opens the page in a new context, and collects its errors, its requests' origins and its clicks. */
  async function open(url = app.url, width = 1000) {
    const context = await browser.newContext({ viewport: { width, height: 800 } })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const errors: string[] = []
    const origins: string[] = []
    /** The bodies of the requests that clicks sent. */
    const clicks: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('request', (request) => {
      origins.push(new URL(request.url()).origin)
      if (request.method() === 'POST') clicks.push(request.postData() ?? '')
    })
    await page.goto(url)
    return { page, errors, origins, clicks }
  }

  const fill = async (page: Page, dataset: string, depth = '') => {
    await page.getByLabel('Dataset').fill(dataset)
    await page.getByLabel('Depth').fill(depth)
  }
  const button = (page: Page) => page.locator('button')
  const analyze = async (page: Page, dataset: string, depth = '') => {
    await fill(page, dataset, depth)
    await page.getByRole('button', { name: 'Analyze' }).click()
  }
  const card = (page: Page) => page.getByRole('listitem').first()
  const says = (page: Page, text: string | RegExp) => card(page).filter({ hasText: text }).waitFor()
  const idOf = (body: string | undefined) => (JSON.parse(body ?? '{}') as { click?: string }).click

  it('shows a run from queued to succeeded with its duration, and announces the result to screen readers', async () => {
    const { page, errors, origins } = await open()
    await page.getByText('Nothing has been analyzed yet.').waitFor()
    await analyze(page, 'sales', '3')
    await says(page, /sales\s*(Queued|Starting)/)
    expect(await card(page).getAttribute('aria-busy')).toBe('true')
    await says(page, /sales\s*Running/)
    await says(page, /sales\s*Succeeded/)
    expect(await card(page).getAttribute('aria-busy')).toBe('false')
    expect(await card(page).locator('dl').textContent()).toMatch(/^Depth3Took\d+ sExit code0$/)
    expect(await page.getByRole('status').textContent()).toBe('sales: succeeded')
    expect(await page.getByText('Nothing has been analyzed yet.').isVisible()).toBe(false)
    expect(await button(page).textContent()).toBe('Analyze')
    expect(errors).toEqual([])
    expect([...new Set(origins)]).toEqual([app.url])
  })

  it('starts one run for a double click, and another for the next click', async () => {
    const { page, clicks } = await open()
    await fill(page, 'people', '3')
    await page.getByRole('button', { name: 'Analyze' }).dblclick()
    await says(page, 'Running')
    // While it runs, the button is disabled. Playwright would wait until it is enabled, hence `force`.
    await button(page).click({ force: true })
    await says(page, 'Succeeded')
    expect(clicks).toHaveLength(1)
    expect(await page.getByRole('listitem').count()).toBe(1)
    await page.getByRole('button', { name: 'Analyze' }).click()
    await page.getByRole('listitem').nth(1).waitFor()
    await says(page, 'Succeeded')
    expect(new Set(clicks.map(idOf)).size).toBe(2)
    expect(dev.out().match(/│ people: round 1 of 3\n/g)).toHaveLength(2)
  })

  it('shows each problem next to its field, and removes it when the value is valid', async () => {
    const { page } = await open()
    await analyze(page, '<img src=x onerror=alert(1)>', '11')
    const problem = page.locator('#dataset-problem')
    await problem.filter({ hasText: 'Dataset is "<img src=x onerror=alert(1)>", which does not match' }).waitFor()
    expect(await page.locator('#depth-problem').textContent()).toBe('Depth is 11; the largest is 10')
    expect(await page.locator('img').count()).toBe(0)
    const dataset = page.getByLabel('Dataset')
    expect(await dataset.getAttribute('aria-invalid')).toBe('true')
    expect(await dataset.getAttribute('aria-describedby')).toContain('dataset-problem')
    expect(await page.evaluate('document.activeElement.id')).toBe('dataset')
    expect(await page.getByRole('listitem').count()).toBe(0)

    await fill(page, 'sales', '1')
    await dataset.press('Enter')
    await says(page, 'Succeeded')
    expect(await problem.textContent()).toBe('')
    expect(await dataset.getAttribute('aria-invalid')).toBe('false')
  })

  it('omits empty fields, so that defaults apply and missing values are reported', async () => {
    const { page, clicks } = await open()
    await analyze(page, '')
    await page.locator('#dataset-problem').filter({ hasText: 'Dataset is missing' }).waitFor()
    expect(await page.locator('#depth-problem').textContent()).toBe('')
    expect(Object.keys(JSON.parse(clicks[0] ?? '{}') as object)).toEqual(['click'])
  })

  it('shows a run that fails with its exit code and the reason', async () => {
    const { page } = await open()
    await analyze(page, 'missing')
    await says(page, /missing\s*Failed/)
    expect(await card(page).locator('dl').textContent()).toMatch(/^Depth3Took\d+ sExit code3$/)
    expect(await card(page).locator('.reason').textContent()).toBe('The container exited with 3')
  })

  it('still follows its runs after a reload', async () => {
    const { page } = await open()
    await analyze(page, 'visits', '3')
    await says(page, 'Running')
    await page.reload()
    await says(page, /visits\s*Running/)
    await says(page, /visits\s*Succeeded/)
  })

  it('says so while the server cannot be reached, and continues when it answers again', async () => {
    const { page } = await open()
    await analyze(page, 'sales', '1')
    await page.route('**/runs/*', (route) => route.abort())
    await says(page, 'The server cannot be reached right now. Trying again soon.')
    await page.unroute('**/runs/*')
    await says(page, 'Succeeded')
    expect(await card(page).textContent()).not.toContain('cannot be reached')
  })

  it('says so if taskhook cannot be reached, and reuses the click id only for the same values', async () => {
    const unconnected = await startApp('http://127.0.0.1:1')
    onTestFinished(() => unconnected.stop())
    const { page, clicks } = await open(unconnected.url)
    const trouble = page.getByRole('alert').filter({ hasText: 'cannot be reached right now. Please try again.' })
    await analyze(page, 'sales')
    await trouble.waitFor()
    await page.getByRole('button', { name: 'Analyze' }).click()
    await page.getByRole('button', { name: 'Sending…' }).waitFor()
    await trouble.waitFor()
    await analyze(page, 'people')
    await page.getByRole('button', { name: 'Sending…' }).waitFor()
    const [first, second, third, ...more] = clicks.map(idOf)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(more).toEqual([])
  })

  it.each([1000, 400, 320])('fits into a width of %i pixels', async (width) => {
    const { page } = await open(app.url, width)
    await analyze(page, `${'a-long-name-'.repeat(5)}x`)
    await says(page, 'Failed')
    await analyze(page, 'X'.repeat(100))
    await page.locator('#dataset-problem').filter({ hasText: 'does not match' }).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })
})
