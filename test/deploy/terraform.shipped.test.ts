/** The Terraform module and the examples without an AWS account: fmt, validate, the module's tests with a mock provider, the list of resources. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metrics } from '../../src/core/telemetry/metrics.ts'
import { copyModule, hasTerraform, type Terraform } from '../support/terraform.ts'
import { alarms, expected, forOtherAccounts, functions, graphs, terraformOnly } from './expected.ts'

const source = readdirSync('infra/terraform')
  .filter((name) => name.endsWith('.tf'))
  .map((name) => readFileSync(join('infra/terraform', name), 'utf8'))
  .join('\n')

describe('the text of the Terraform module', () => {
  it('creates the expected types of resources and no others', () => {
    const types = new Set([...source.matchAll(/^resource "(\w+)"/gm)].map(([, type]) => type))
    expect([...types].sort()).toEqual(
      [...expected.map(({ terraform }) => terraform), ...Object.keys(terraformOnly), ...forOtherAccounts].sort(),
    )
  })
  it('has the expected memory and timeout for each function', () => {
    for (const [name, { memory, timeout }] of Object.entries(functions)) {
      expect(source.replace(/ +/g, ' ')).toContain(`${name} = { memory = ${memory}, timeout = ${timeout},`)
    }
  })
  it('allows everyone to invoke a function only through the URL', () => {
    const open = [...source.matchAll(/resource "aws_lambda_permission" "\w+" \{[^}]*\}/g)]
      .map(([text]) => text)
      .filter((text) => /principal\s*=\s*"\*"/.test(text))
    expect(open).toHaveLength(1)
    expect(open[0]).toMatch(/invoked_via_function_url\s*=\s*true/)
  })
  it('uses metrics that taskhook publishes, limited to this deployment', () => {
    const counted = [
      ...source.matchAll(
        /namespace = "Taskhook", metric = "(\w+)", dimensions = \{ deployment = var\.name(?:, (\w+))?/g,
      ),
    ]
    expect(counted.map(([, name, by]) => [name, by])).toEqual(
      ['RunsEnded', 'Starts', 'Deliveries', 'Untold'].map((name) => [name, metrics[name as keyof typeof metrics].by]),
    )
    for (const [name, { by }] of Object.entries(metrics))
      expect(source).toMatch(
        by === undefined ? `"Taskhook", "${name}", "deployment"` : new RegExp(`${name} += { ${by} =`),
      )
  })
  it('requires a provider that has invoked_via_function_url and does not panic, in both modules and in the docs', () => {
    const versionOf = (path: string) =>
      /source\s*=\s*"hashicorp\/aws"[^}]*version\s*=\s*">= ([\d.]+)"/.exec(readFileSync(path, 'utf8'))?.[1]
    // https://github.com/hashicorp/terraform-provider-aws/issues/46192: 6.29.0 panics on the dynamic block that main.tf uses.
    expect(source).toContain('dynamic "global_secondary_index"')
    expect(versionOf('infra/terraform/versions.tf')).toBe('6.30')
    expect(versionOf('infra/terraform/member/main.tf')).toBe('6.30')
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain('AWS provider 6.30 or later')
  })
  it('has the expected graphs', () => {
    expect([...source.matchAll(/\{ title = "([^"]+)"/g)].map(([, title]) => title)).toEqual(graphs)
  })
  it('has a description for every variable and output', () => {
    for (const [text, name] of source.matchAll(/^(?:variable|output) "(\w+)" \{[\s\S]*?^\}/gm))
      expect(text, name).toContain('description')
  })
})

/** Folders of the examples that users apply. */
const exampleModules = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .filter((path) => /(^|[/\\])main\.tf$/.test(path) && !/[/\\]\.terraform[/\\]/.test(path))
  .map((path) => join('examples', dirname(path)))
  // *.deploy.test.ts apply these, which validates them.
  .filter((path) => !['examples/existing-cluster', 'examples/slack-command/base'].includes(path))

describe.skipIf(!hasTerraform)('Terraform on the module', () => {
  let terraform: Terraform
  const module = () => join(terraform.folder, 'infra/terraform')
  beforeAll(() => {
    terraform = copyModule()
    for (const line of terraform.replaced) console.log(`replaced for the installed provider: ${line}`)
    execFileSync(process.execPath, [
      'dist/cli/main.js',
      'build',
      'examples/existing-cluster/taskhook.yaml',
      '--out',
      join(terraform.folder, 'build'),
    ])
    terraform.run([`-chdir=${module()}`, 'init', '-backend=false', '-no-color'])
  }, 120_000)
  afterAll(() => {
    if (terraform !== undefined) rmSync(terraform.folder, { recursive: true, force: true })
  })

  it('finds the module formatted', () => {
    expect(terraform.run(['fmt', '-check', '-recursive', 'infra/terraform'])).toBe('')
  })
  it('passes the tests of the module', () => {
    const text = terraform.run([
      `-chdir=${module()}`,
      'test',
      '-no-color',
      '-filter=tests/module.tftest.hcl',
      `-var=package=${join(terraform.folder, 'build')}`,
    ])
    expect(text).toMatch(/Success! \d+ passed, 0 failed/)
  }, 120_000)
  it('passes the tests of tasks in other accounts and regions', () => {
    const folder = join(terraform.folder, 'two-accounts')
    execFileSync(process.execPath, [
      'dist/cli/main.js',
      'build',
      'test/fixtures/configs/two-accounts.yaml',
      '--out',
      folder,
    ])
    const text = terraform.run([
      `-chdir=${module()}`,
      'test',
      '-no-color',
      '-filter=tests/accounts.tftest.hcl',
      `-var=package=${folder}`,
    ])
    expect(text).toMatch(/Success! 4 passed, 0 failed/)
  }, 120_000)

  it('finds the examples formatted', () => {
    expect(terraform.run(['fmt', '-check', '-recursive', 'examples'])).toBe('')
  })
  it.each(exampleModules)(
    'validates %s',
    (example) => {
      const folder = join(terraform.folder, example)
      const config = join(folder, 'taskhook.yaml')
      if (existsSync(config))
        execFileSync(process.execPath, ['dist/cli/main.js', 'build', config, '--out', join(folder, 'build')])
      terraform.run([`-chdir=${folder}`, 'init', '-backend=false', '-no-color'])
      expect(terraform.run([`-chdir=${folder}`, 'validate', '-no-color'])).toContain('Success')
    },
    60_000,
  )
})

it('the Terraform module has the expected alarms', () => {
  // The alarms of the functions are created in a loop, as `${name}-errors`.
  for (const name of alarms) expect(source).toContain(`${name.replace(/^(receive|start|settle)-/, '')}" =`)
})
