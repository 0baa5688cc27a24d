import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratch, taskhook } from './process.ts'

const config = `
sources:
  shop: { adapter: hmac, scheme: stripe, secret: "secretsmanager:shop" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params: { depth: { type: integer, min: 1, max: 10, default: 3 } }
routes:
  - { on: shop, run: analyze }
`
const folder = () => scratch({ 'my.yaml': config, 'bad.yaml': config.replace('integer', 'int') })

describe('openapi', () => {
  it('prints the document with the version of the package, without reading secrets', async () => {
    const { code, stdout, stderr } = await taskhook(['openapi', 'my.yaml'], { cwd: folder() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(JSON.parse(stdout)).toMatchObject({
      openapi: '3.1.1',
      info: { version },
      servers: [{ url: '{url}' }],
      paths: { '/shop': { post: { operationId: 'deliver-shop' } } },
      components: { schemas: { analyzeParams: { properties: { depth: { type: 'integer', maximum: 10 } } } } },
    })
    expect(stdout).toMatch(/^\{\n {2}"openapi"[\s\S]*\n\}\n$/)
  })

  it('--url sets the server, --out writes the same document to a file', async () => {
    const cwd = folder()
    const url = ['--url', 'https://abc.lambda-url.eu-west-1.on.aws/']
    const printed = await taskhook(['openapi', 'my.yaml', ...url], { cwd })
    expect(JSON.parse(printed.stdout)).toMatchObject({ servers: [{ url: 'https://abc.lambda-url.eu-west-1.on.aws' }] })
    expect(await taskhook(['openapi', 'my.yaml', ...url, '--out', 'openapi.json'], { cwd })).toEqual({
      code: 0,
      stdout: 'wrote openapi.json\n',
      stderr: '',
    })
    expect(readFileSync(join(cwd, 'openapi.json'), 'utf8')).toBe(printed.stdout)
  })

  it.each<[readonly string[], string]>([
    [['my.yaml', '--url', 'abc.on.aws'], '--url: "abc.on.aws" is not a URL like https://…\n'],
    [['my.yaml', '--url', 'ftp://abc.on.aws'], '--url: "ftp://abc.on.aws" is not a URL like https://…\n'],
    [['my.yaml', '--url', 'https://abc.on.aws/shop'], '--url: use only scheme and host, like https://abc.on.aws\n'],
    [['my.yaml', '--url', 'https://me:pw@abc.on.aws'], '--url: use only scheme and host, like https://abc.on.aws\n'],
    [['my.yaml', '--out', 'no/such/openapi.json'], 'cannot write no/such/openapi.json: no such folder\n'],
    [['my.yaml', '--out', '.'], 'cannot write .: it is a folder\n'],
    [['my.yaml', '--ulr', 'x'], 'unknown option --ulr; did you mean "--url"?\n'],
    [['none.yaml'], 'cannot read none.yaml: no such file\n'],
  ])('%j prints the problem and writes nothing', async (args, message) => {
    expect(await taskhook(['openapi', ...args], { cwd: folder() })).toEqual({ code: 1, stdout: '', stderr: message })
  })

  it('prints the problems of an invalid config and writes no file', async () => {
    const cwd = folder()
    const { code, stdout, stderr } = await taskhook(['openapi', 'bad.yaml', '--out', 'openapi.json'], { cwd })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('"int" is not one of')
    expect(existsSync(join(cwd, 'openapi.json'))).toBe(false)
  })

  it('--help lists its arguments', async () => {
    const { code, stdout } = await taskhook(['openapi', '--help'])
    expect(code).toBe(0)
    for (const word of ['USAGE taskhook openapi', 'CONFIG', '--url=<URL>', '--out=<FILE>'])
      expect(stdout).toContain(word)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})
