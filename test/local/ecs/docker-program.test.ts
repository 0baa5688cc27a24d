import { execFileSync } from 'node:child_process'
import { StopTaskCommand } from '@aws-sdk/client-ecs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createArguments } from '../../../src/local/ecs/docker-program.ts'
import { eventually } from '../../support/eventually.ts'
import { endpoint, sh, task, withEnv } from './support.ts'

const image = 'busybox'
const docker = (...args: string[]) => execFileSync('docker', args, { stdio: 'pipe' }).toString().trim()

/** Tests do not pull images. */
const hasImage = (() => {
  try {
    return docker('image', 'inspect', '--format', '{{.Id}}', image) !== ''
  } catch {
    return false
  }
})()

const inImage = (script: string, of = image) => task({ command: ['sh', '-c', script], image: of })
const containers = () => docker('ps', '--all', '--quiet', '--filter', 'name=taskhook-')

afterEach(() => void vi.unstubAllEnvs())

test('passes values in the environment of docker, except names that docker itself reads', () => {
  const spec = { id: 'f00', command: ['run', '--me'], cwd: undefined, image, onLine() {} }
  const ours = { PATH: '/bin', DOCKER_HOST: 'unix:///sock' }
  const { name, args, env } = createArguments({ ...spec, env: { TOKEN: 'secret', DOCKER_CONTEXT: 'theirs' } }, ours)
  expect(name).toBe('taskhook-f00')
  expect(args.join(' ')).toMatch(/^create .*--env TOKEN --env DOCKER_CONTEXT=theirs busybox run --me$/)
  expect(env).toEqual({ ...ours, TOKEN: 'secret' })
})

test('a task with an image is a local process if Docker is not running', async () => {
  vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
  const { end, text } = await endpoint([inImage('echo $A; exit 3')], { docker: 'auto' })
  expect((await end(withEnv({ A: 'here' }))).detail.containers).toMatchObject([{ exitCode: 3 }])
  expect(text('stdout')).toEqual(['here'])
})

describe.skipIf(!hasImage)(`in Docker, with ${image}`, () => {
  test('a task gets the overrides as its environment, and no variable of taskhook', async () => {
    const { end, text, events } = await endpoint([inImage('env; echo oops >&2; exit 3')], { docker: 'auto' })
    const { detail } = await end(withEnv({ DATASET: 'a\nb', HOME: '/theirs' }))
    expect(events.map((event) => event.detail.lastStatus)).toEqual(['PENDING', 'RUNNING', 'STOPPED'])
    expect(detail.containers).toMatchObject([{ exitCode: 3 }])
    const names = text('stdout').map((line) => line.replace(/=.*/, ''))
    expect(names.toSorted()).toEqual(['DATASET', 'b', 'HOME', 'HOSTNAME', 'PATH', 'PWD', 'SHLVL'].toSorted())
    expect(text('stdout')).toContain('HOME=/theirs')
    expect(text('stderr')).toEqual(['oops'])
    expect(containers()).toBe('')
  })

  test.each([
    ['a program that the image does not have', task({ command: ['no-such-program'], image }), /no-such-program/],
    ['an invalid image name', inImage('exit 0', 'Not An Image'), /invalid reference/],
  ])('%s fails to start', async (_, config, reason) => {
    const { end, events } = await endpoint([config], { docker: 'auto' })
    const { detail } = await end()
    expect(detail).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: expect.stringMatching(reason) })
    expect(events.map((event) => event.detail.lastStatus)).toEqual(['PENDING', 'STOPPED'])
    expect(containers()).toBe('')
  })

  test('StopTask stops the container', async () => {
    const { run, client, stopped, lines } = await endpoint(
      [inImage('trap "exit 9" TERM; echo up; while :; do sleep 0.1; done')],
      { docker: 'auto' },
    )
    const taskArn = (await run()).tasks?.[0]?.taskArn
    await eventually(() => lines.length > 0)
    await client.send(new StopTaskCommand({ cluster: 'analytics', task: taskArn, reason: 'enough' }))
    expect((await stopped(taskArn)).detail).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      containers: [{ exitCode: 9 }],
    })
    expect(containers()).toBe('')
  })

  test('close leaves no container, even while one that ignores SIGTERM is being stopped', async () => {
    const { ecs, run, client, lines } = await endpoint([inImage('echo up; sleep 60')], { docker: 'auto' })
    const taskArn = (await run()).tasks?.[0]?.taskArn
    await eventually(() => lines.length > 0)
    await client.send(new StopTaskCommand({ cluster: 'analytics', task: taskArn }))
    await ecs.close()
    expect(containers()).toBe('')
  })

  test('close during the launch leaves no container', async () => {
    const { ecs, run, events } = await endpoint([inImage('sleep 60')], { docker: 'auto' })
    await run({ count: 2 })
    // The launch begins right after this event.
    await eventually(() => events.length > 0)
    await ecs.close()
    expect(containers()).toBe('')
  })

  test('a task without an image is a local process', async () => {
    const { end, text } = await endpoint([task(sh('echo $$')), inImage('exit 0')], { docker: 'auto' })
    await end()
    expect(Number(text('stdout')[0])).toBeGreaterThan(1)
  })
})
