/** `taskhook openapi`: generates the OpenAPI document of a config. */
import { writeFileSync } from 'node:fs'
import { defineCommand } from 'citty'
import packageJson from '../../package.json' with { type: 'json' }
import { openApiDocument } from '../openapi/document.ts'
import { configArgument } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { fileProblem, loadConfig } from './load-config.ts'

export const openapi = defineCommand({
  args: {
    config: configArgument,
    url: { type: 'string', valueHint: 'URL', description: 'Base URL of the deployment' },
    out: { type: 'string', valueHint: 'FILE', description: 'Output file (default: standard output)' },
  },
  run: ({ args }) =>
    reportErrors(() => {
      const url = args.url === undefined ? undefined : originOf(args.url)
      const document = openApiDocument(loadConfig(args.config), { url, version: packageJson.version })
      const text = `${JSON.stringify(document, null, 2)}\n`
      if (args.out === undefined) process.stdout.write(text)
      else write(args.out, text)
    }),
})

/** @throws {CommandError} */
function originOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new CommandError(`--url: "${text}" is not a URL like https://…`)
  // The paths of the sources are appended to it, and a password does not belong in a document.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new CommandError(`--url: use only scheme and host, like ${url.origin}`)
  return url.origin
}

/** @throws {CommandError} */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    throw new CommandError(`cannot write ${path}: ${fileProblem(cause, 'no such folder')}`, { cause })
  }
  process.stdout.write(`wrote ${path}\n`)
}
