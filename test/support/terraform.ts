/** Terraform with whatever AWS provider is on this machine, in a copy of the module. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders in which a mirror of providers may lie; TASKHOOK_TF_MIRROR names another. */
const mirrors = [
  process.env.TASKHOOK_TF_MIRROR,
  '/opt/tf-plugins',
  '/usr/share/terraform/plugins',
  join(process.env.HOME ?? '/', '.terraform.d/plugins'),
]
const mirror = mirrors.find(
  (path) => path !== undefined && existsSync(join(path, 'registry.terraform.io/hashicorp/aws')),
)

export const hasTerraform = mirror !== undefined && spawnSync('terraform', ['version']).status === 0

export interface Terraform {
  readonly folder: string
  /** What had to be exchanged for the provider that is here. */
  readonly exchanged: readonly string[]
  run(args: readonly string[], env?: Readonly<Record<string, string>>): string
}

/** Terraform's settings, so that it reaches no registry. */
function settings(folder: string): Record<string, string> {
  const file = join(folder, 'terraform.rc')
  writeFileSync(file, `provider_installation { filesystem_mirror { path = ${JSON.stringify(mirror)} } }\n`)
  return { TF_CLI_CONFIG_FILE: file, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' }
}

/** What working with an example leaves in its folder: whose state and whose packages that are is nobody's business here. */
const leftOut = /[/\\](?:node_modules|build|out|\.terraform|\.terraform\.lock\.hcl|terraform\.tfstate[^/\\]*)$/

/** A copy of the module, tests and examples included, that the provider here can read. */
export function copyModule(): Terraform {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-tf-'))
  cpSync('infra/terraform', join(folder, 'infra/terraform'), { recursive: true })
  cpSync('examples', join(folder, 'examples'), { recursive: true, filter: (path) => !leftOut.test(path) })
  const exchanged = isOldProvider() ? exchange(join(folder, 'infra/terraform')) : []
  const rc = settings(folder)
  return {
    folder,
    exchanged,
    run: (args, env = {}) =>
      execFileSync('terraform', args, {
        encoding: 'utf8',
        env: { ...process.env, ...rc, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  }
}

const isOldProvider = (): boolean =>
  readdirSync(join(mirror ?? '', 'registry.terraform.io/hashicorp/aws')).every((version) =>
    /^[0-5]\.|^6\.([01]?\d|2[0-8])\./.test(version),
  )

/** Provider 5 knows neither nodejs24.x nor the condition on the second statement; nothing else of the module is touched. */
function exchange(module: string): string[] {
  const edits: [string, string, string][] = [
    ['versions.tf', 'version = ">= 6.29"', 'version = ">= 5.0"'],
    ['member/main.tf', 'version = ">= 6.29"', 'version = ">= 5.0"'],
    ['functions.tf', 'runtime          = "nodejs24.x"', 'runtime          = "nodejs22.x"'],
    ['functions.tf', '  invoked_via_function_url = true\n', ''],
  ]
  return edits.map(([file, from, to]) => {
    const path = join(module, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
    writeFileSync(path, text.replace(from, to))
    return `${file}: ${from.trim()}`
  })
}
