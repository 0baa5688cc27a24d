/**
 * A Docker engine in which moto can run Lambda functions, with the two images that it asks for, made on the spot: no registry is needed.
 * One that answers on this machine is used; else root starts one (Debian: `docker.io runc busybox-static iptables`).
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { eventually } from './eventually.ts'
import { hasMoto } from './moto.ts'

export type Engine = NonNullable<Awaited<ReturnType<typeof startEngine>>>

const says = (command: string, args: readonly string[]) => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 })
  return status === 0 ? stdout.trim() : undefined
}
const pathOf = (program: string) => says('sh', ['-c', 'command -v "$0"', program])

const standing = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'

/** Functions reach moto on 127.0.0.1, so the engine's host network must be this machine's. */
function isUsable(host: string): boolean {
  const about = says('docker', ['-H', host, 'info', '--format', '{{.Name}} {{.SecurityOptions}}'])
  return about?.startsWith(`${hostname()} `) === true && !/rootless|userns/.test(about)
}

/** pipx gives moto an interpreter of its own, which its script names. */
function hasDockerPackage(): boolean {
  const firstLine = says('head', ['-n', '1', pathOf('moto_server') ?? '']) ?? ''
  return says(/^#!.*?(\S*python\S*)/.exec(firstLine)?.[1] ?? 'python3', ['-c', 'import docker']) !== undefined
}

/** Why moto cannot run functions here. */
export const noEngine: string | undefined = ((): string | undefined => {
  if (!hasMoto) return 'moto_server is not installed'
  if (!hasDockerPackage()) return 'the Python of moto has no package `docker`'
  const missing = ['docker', 'busybox'].find((program) => pathOf(program) === undefined)
  if (missing !== undefined) return `${missing} is not there`
  if (isUsable(standing) || (process.getuid?.() === 0 && pathOf('dockerd') !== undefined)) return undefined
  return `no Docker engine of this machine answers at ${standing}, and none can be started`
})()

/** @returns undefined: dockerd does not start here, as without some rights of root. `close` is for after moto was stopped. */
export async function startEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'taskhook-docker-'))
  const dockerd = isUsable(standing) ? undefined : await startDockerd(join(folder, 'engine'))
  const host = dockerd?.host ?? standing
  const ask = (...args: readonly string[]) => (says('docker', ['-H', host, ...args]) ?? '').split(/\s+/).filter(Boolean)
  const images: string[] = []
  const add = (image: string, root: string, ...changes: readonly string[]): void => {
    execFileSync('tar', ['-C', root, '-cf', `${root}.tar`, '.'])
    const flags = changes.flatMap((change) => ['--change', change])
    execFileSync('docker', ['-H', host, 'import', ...flags, `${root}.tar`, image])
    images.push(image)
  }
  const close = async (): Promise<void> => {
    // A moto that was stopped in the middle of a call has left them.
    const filters = [`ancestor=${lambdaImage}`, `volume=/${mark}`]
    const containers = filters.flatMap((filter) => ask('ps', '-aq', '--filter', filter))
    const volumes = ask('inspect', '-f', '{{range .Mounts}}{{println .Name}}{{end}}', ...containers)
    ask('rm', '-f', ...containers)
    ask('volume', 'rm', ...volumes)
    ask('rmi', ...images)
    await dockerd?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  if (dockerd?.answers === false) {
    console.warn(`dockerd does not start here: ${says('tail', ['-n', '3', join(folder, 'engine/log')])}`)
    await close()
    return undefined
  }
  try {
    // moto fills the volume with a function's code through it.
    if (ask('images', '-q', 'busybox:latest').length === 0) {
      putProgram(join(folder, 'busybox'), pathOf('busybox') ?? '', '/bin/sleep')
      add('busybox:latest', join(folder, 'busybox'))
    }
    const root = join(folder, 'lambda')
    putProgram(root, process.execPath, '/bin/node')
    mkdirSync(join(root, 'tmp'))
    writeFileSync(join(root, 'run.mjs'), runner)
    add(lambdaImage, root, 'ENTRYPOINT ["/bin/node", "/run.mjs"]', 'WORKDIR /var/task')
  } catch (error) {
    await close()
    throw error
  }
  const names = { MOTO_DOCKER_LAMBDA_IMAGE: lambdaImage, MOTO_LAMBDA_DATA_DIR: `/${mark}` }
  return { env: { DOCKER_HOST: host, MOTO_DOCKER_NETWORK_MODE: 'host', ...names }, close }
}

/** Of this run of the tests: several may share an engine. */
const mark = `taskhook-test-${process.pid}`
const lambdaImage = `${mark}:nodejs24.x`

/**
 * As moto calls an image: the name of the handler, and the event. The result is the last line, so it waits until all that was logged is
 * written. The address for moto that moto gives need not be one on which it listens.
 */
const runner = `import { writeSync } from 'node:fs'
const [handler, event] = process.argv.slice(2)
const [file, name] = handler.split('.')
process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:' + process.env.MOTO_PORT
let last
process.once('exit', () => writeSync(1, JSON.stringify(last ?? null) + '\\n'))
try {
  const handlers = await import('/var/task/' + file + '.mjs')
  last = await handlers[name](JSON.parse(event), {})
} catch ({ name: errorType, message: errorMessage }) {
  process.exitCode = 1
  last = { errorType, errorMessage }
}
`

/** A program with the libraries that it is linked with. */
function putProgram(root: string, program: string, path: string): void {
  const libraries = [...(says('ldd', [program]) ?? '').matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library)
  for (const [from, to] of [[program, path] as const, ...libraries.map((library) => [library, library] as const)]) {
    mkdirSync(dirname(join(root, to)), { recursive: true })
    copyFileSync(from, join(root, to))
  }
}

async function startDockerd(folder: string) {
  mkdirSync(folder)
  writeFileSync(join(folder, 'daemon.json'), '{}')
  const host = `unix://${folder}/docker.sock`
  const paths = { 'config-file': 'daemon.json', 'data-root': 'data', 'exec-root': 'exec', pidfile: 'pid' }
  const options = [
    ...Object.entries(paths).map(([option, name]) => `--${option}=${join(folder, name)}`),
    ...['iptables', 'ip6tables', 'ip-forward', 'ip-masq'].map((option) => `--${option}=false`),
    // moto asks for the address of host-gateway, which an engine without a bridge has not.
    ...['--bridge=none', '--host-gateway-ip=127.0.0.1', '--storage-driver=overlay2', '--oom-score-adjust=0'],
  ]
  const log = openSync(join(folder, 'log'), 'w')
  const child = spawn('dockerd', ['-H', host, ...options], { stdio: ['ignore', log, log] })
  await eventually(() => child.exitCode !== null || isUsable(host), 30_000).catch(() => undefined)
  const answers = child.exitCode === null && isUsable(host)
  return {
    host,
    answers,
    async stop() {
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
      // It leaves a mount behind, in which nothing can be removed.
      spawnSync('umount', [join(folder, 'exec/netns/default')])
    },
  }
}
