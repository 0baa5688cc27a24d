/** Runs Terraform on a copy of the module, with the AWS provider that is installed on this machine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folders to search for a provider mirror. TASKHOOK_TF_MIRROR adds one. */
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
  /** Lines of the module that were replaced because the installed provider does not support them. */
  readonly replaced: readonly string[]
  run(args: readonly string[], env?: Readonly<Record<string, string>>): string
}

/** CLI settings that keep Terraform from calling a registry. */
function offlineSettings(folder: string): Record<string, string> {
  const file = join(folder, 'terraform.rc')
  writeFileSync(file, `provider_installation { filesystem_mirror { path = ${JSON.stringify(mirror)} } }\n`)
  return { TF_CLI_CONFIG_FILE: file, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' }
}

/** What using an example leaves in its folder. The copy must not contain somebody's state or packages. */
const workFiles = /[/\\](?:node_modules|build|out|\.terraform|\.terraform\.lock\.hcl|terraform\.tfstate[^/\\]*)$/

/** Copies the module with its tests and the examples, and adapts the copy to the installed provider. */
export function copyModule(): Terraform {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-tf-'))
  cpSync('infra/terraform', join(folder, 'infra/terraform'), { recursive: true })
  cpSync('examples', join(folder, 'examples'), { recursive: true, filter: (path) => !workFiles.test(path) })
  const replaced = isOldProvider() ? adaptToOldProvider(join(folder, 'infra/terraform')) : []
  const settings = offlineSettings(folder)
  return {
    folder,
    replaced,
    run: (args, env = {}) =>
      execFileSync('terraform', args, {
        encoding: 'utf8',
        env: { ...process.env, ...settings, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  }
}

const isOldProvider = (): boolean =>
  readdirSync(join(mirror ?? '', 'registry.terraform.io/hashicorp/aws')).every((version) =>
    /^[0-5]\.|^6\.[012]?\d\./.test(version),
  )

/** Provider 5 supports neither nodejs24.x nor `invoked_via_function_url`. Nothing else in the module is changed. */
function adaptToOldProvider(module: string): string[] {
  const edits: [string, string, string][] = [
    ['versions.tf', 'version = ">= 6.30"', 'version = ">= 5.0"'],
    ['member/main.tf', 'version = ">= 6.30"', 'version = ">= 5.0"'],
    ['functions.tf', 'runtime          = "nodejs24.x"', 'runtime          = "nodejs22.x"'],
    ['functions.tf', '  invoked_via_function_url = true\n', ''],
  ]
  return edits.map(([file, from, to]) => {
    const path = join(module, file)
    const text = readFileSync(path, 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`)
    writeFileSync(path, text.replace(from, to))
    return `${file}: ${from.trim()}`
  })
}
