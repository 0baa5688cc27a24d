import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, taskhook } from './process.ts'

const commands = ['dev', 'send', 'check', 'explain', 'build', 'demo', 'pause', 'resume', 'redrive']

const expectPlainText = (text: string) => {
  const lines = text.split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(lines.filter((line) => line.endsWith(' '))).toEqual([])
  // No colors, since the output is not a terminal.
  expect(text).not.toContain('\u001b')
}

describe('help', () => {
  it('taskhook --help lists every command with a description', async () => {
    const { code, stdout, stderr } = await taskhook(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ +${command} {4}\\S`, 'm'))
    expectPlainText(stdout)
  })

  it.each<[string, readonly string[]]>([
    ['dev', ['CONFIG', '--port', '--env-file', '--fault', '--live', '--json', 'PORT or 8787']],
    ['send', ['CONFIG', 'SOURCE', '--url', '--text', '--command', '--event', '--data', '--env-file']],
    ['build', ['CONFIG', '--out=<DIR>']],
    ['pause', ['--message', '--task', '--for', '--name']],
    ['resume', ['--task', '--name']],
    ['redrive', ['--max', '--dry-run', '--json', '--name']],
  ])('taskhook %s --help lists its arguments', async (command, words) => {
    const { code, stdout, stderr } = await taskhook([command, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`USAGE taskhook ${command}`)
    for (const word of words) expect(stdout).toContain(word)
    expectPlainText(stdout)
  })

  it('--version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await taskhook(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe('invalid arguments', () => {
  it.each<[readonly string[], string]>([
    [['chekc', 'my.yaml'], 'unknown command "chekc"; did you mean "check"?\n'],
    [['start'], 'unknown command "start"\n'],
    [[], 'No command specified.\n'],
    [['check'], 'Missing required positional argument: CONFIG\n'],
    [['build', 'my.yaml'], 'Missing required argument: --out\n'],
  ])('%j prints the problem and the usage, and exits with 1', async (args, message) => {
    // citty colors its messages even if stderr is not a terminal.
    const { code, stdout, stderr } = await taskhook(args, { env: { NO_COLOR: '1' } })
    expect({ code, stderr }).toEqual({ code: 1, stderr: message })
    expect(stdout).toContain('USAGE taskhook')
  })

  it.each<[readonly string[], string]>([
    [['explain', 'my.yaml', 'shop', '--dta', '{}'], 'unknown option --dta; did you mean "--data"?\n'],
    [['check', 'my.yaml', '--verbsoe', '-x'], 'unknown option --verbsoe\nunknown option -x\n'],
    [['dev', 'my.yaml', '--prot', '0'], 'unknown option --prot; did you mean "--port"?\n'],
    [
      ['send', 'my.yaml', 'slack', '--text', 'dataset=sales', 'depth=5'],
      'unexpected argument "depth=5"; put text with spaces in quotes\n',
    ],
  ])('%j prints the problem and does nothing', async (args, message) => {
    expect(await taskhook(args)).toEqual({ code: 1, stdout: '', stderr: message })
  })
})
