/** The shipped command against moto. No source has a token, so it calls no other service. */
import { RemovePermissionCommand } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployment, deploy } from '../doctor/deployment.ts'
import { type Account, startAccount } from '../support/account.ts'
import { hasMoto } from '../support/moto.ts'
import { folderOf, taskhook } from './process.ts'

describe.skipIf(!hasMoto)('doctor', () => {
  let account: Account
  let there: Deployment
  let folder: string
  let env: Record<string, string>
  beforeAll(async () => {
    account = await startAccount()
    there = await deploy(account.url)
    const yaml = there.yaml.replace(/, (botToken|token): "[^"]*"/g, '')
    folder = folderOf({ 'taskhook.yaml': yaml })
    env = {
      AWS_ENDPOINT_URL: account.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
    }
  }, 60_000)
  afterAll(() => account?.close())

  const doctor = (args: readonly string[] = [], change: Record<string, string> = {}) =>
    taskhook(['doctor', 'taskhook.yaml', ...args], { cwd: folder, env: { ...env, ...change } })

  it('prints its findings within 80 columns, and exits with 0 if there is no problem', async () => {
    const { code, stdout, stderr } = await doctor()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^taskhook of taskhook\.yaml, in account 123456789012, us-east-1\n/)
    // The functions of this account have another package.
    expect(stdout).toContain('warning  taskhook-receive runs a different package than this config and')
    expect(stdout).toContain('→ run taskhook build, and deploy again')
    expect(stdout).toMatch(/no problems, 3 warnings, 3 unknown; 8 ok\n$/)
    for (const line of stdout.split('\n').filter((line) => !/https?:/.test(line)))
      expect(line.length).toBeLessThanOrEqual(80)
  })

  it('prints JSON', async () => {
    const { stdout } = await doctor(['--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      account: '123456789012',
      region: 'us-east-1',
      checks: expect.any(Array),
    })
  })

  it('exits with 1 if there is a problem', async () => {
    await there.aws.lambda.send(
      new RemovePermissionCommand({ FunctionName: 'taskhook-receive', StatementId: 'ViaUrl' }),
    )
    const { code, stdout } = await doctor()
    expect(code).toBe(1)
    expect(stdout).toContain('PROBLEM  the policy of receive lacks lambda:InvokeFunction with the condition')
    expect(stdout).toContain('1 problem, 3 warnings')
  })

  it('finds nothing under another name, and suggests --name', async () => {
    const { code, stdout } = await doctor(['--name', 'hooks'])
    expect(code).toBe(1)
    expect(stdout).toContain('there is no function hooks-receive')
    expect(stdout).toContain('set its prefix with --name')
  })

  it('reports a missing region without a stack trace', async () => {
    const { code, stderr } = await doctor([], { AWS_REGION: '', AWS_ENDPOINT_URL: '', AWS_CONFIG_FILE: '/nowhere' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^AWS request failed: /)
    expect(stderr).not.toContain('    at ')
  })

  it('reports a refused connection', async () => {
    const { code, stderr } = await doctor([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^AWS request failed: .*ECONNREFUSED/)
  })
})
