/** The first two steps of examples/slack-command against moto: what `base` creates, and the config that it writes. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { taskhook } from '../cli/process.ts'
import { defaultSubnet, hasMoto, type Moto, startMoto } from '../support/moto.ts'
import { copyModule, hasTerraform, type Terraform } from '../support/terraform.ts'

interface Config {
  readonly tasks: { readonly analyze: Readonly<Record<string, unknown>> }
}

describe.skipIf(!hasMoto || !hasTerraform)('examples/slack-command/base after terraform apply', () => {
  let moto: Moto
  let terraform: Terraform
  let base: string
  const run = (...args: readonly string[]) => terraform.run([`-chdir=${base}`, ...args], moto.env)

  beforeAll(async () => {
    moto = await startMoto()
    terraform = copyModule()
    base = join(terraform.folder, 'examples/slack-command/base')
    run('init', '-no-color')
    run('apply', '-auto-approve', '-no-color')
  }, 120_000)
  afterAll(async () => {
    await moto?.close()
    if (terraform !== undefined) rmSync(terraform.folder, { recursive: true, force: true })
  })

  it('outputs the config with the subnets and the security group of this account, and changes nothing else', async () => {
    const before = parse(readFileSync('examples/slack-command/taskhook.yaml', 'utf8')) as Config
    const text = run('output', '-raw', 'taskhook_yaml')
    const after = parse(text) as Config
    const { subnets, securityGroups } = after.tasks.analyze
    expect(subnets).toContain(await defaultSubnet(moto.url))
    expect(securityGroups).toEqual([expect.stringMatching(/^sg-[0-9a-f]{8,}$/)])
    expect(securityGroups).not.toEqual(before.tasks.analyze.securityGroups)
    expect({ ...after, tasks: { analyze: { ...after.tasks.analyze, subnets: 0, securityGroups: 0 } } }).toEqual({
      ...before,
      tasks: { analyze: { ...before.tasks.analyze, subnets: 0, securityGroups: 0 } },
    })
    const path = join(base, '../taskhook.yaml')
    writeFileSync(path, text)
    expect(await taskhook(['check', path])).toMatchObject({ code: 0 })
  })

  it('outputs the same config again after that output was saved as the config', () => {
    const text = run('output', '-raw', 'taskhook_yaml')
    writeFileSync(join(base, '../taskhook.yaml'), text)
    run('apply', '-auto-approve', '-no-color')
    expect(run('output', '-raw', 'taskhook_yaml')).toBe(text)
  }, 60_000)

  it('creates the cluster, the task definition and the container that the config names', () => {
    const { analyze } = (parse(readFileSync('examples/slack-command/taskhook.yaml', 'utf8')) as Config).tasks
    const { values } = JSON.parse(run('show', '-json')) as { values: { root_module: { resources: Resource[] } } }
    const created = (type: string) => values.root_module.resources.find((resource) => resource.type === type)?.values
    expect(created('aws_ecs_cluster')).toMatchObject({ name: analyze.cluster })
    expect(created('aws_ecs_task_definition')).toMatchObject({
      family: analyze.taskDefinition,
      requires_compatibilities: ['FARGATE'],
    })
    expect(JSON.parse(String(created('aws_ecs_task_definition')?.container_definitions))).toMatchObject([
      {
        name: analyze.container,
        command: ['sh', '-c', readFileSync('examples/slack-command/job/analyze.sh', 'utf8')],
      },
    ])
    expect(created('aws_security_group')).toMatchObject({ ingress: [] })
  })
})

interface Resource {
  readonly type: string
  readonly values: Readonly<Record<string, unknown>>
}
