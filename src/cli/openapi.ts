import { writeFileSync } from 'node:fs'
import { defineCommand } from 'citty'
import packageJson from '../../package.json' with { type: 'json' }
import { messageOf } from '../core/errors.ts'
import { openApiDocument } from '../openapi/document.ts'
import { configArgument, Failure, guarded, loadConfig } from './load-config.ts'

export const openapi = defineCommand({
  args: {
    config: configArgument,
    url: { type: 'string', valueHint: 'URL', description: 'Where taskhook listens' },
    out: { type: 'string', valueHint: 'FILE', description: 'Write it there, not to the terminal' },
  },
  run: ({ args }) =>
    guarded(() => {
      const url = args.url === undefined ? undefined : originOf(args.url)
      const document = openApiDocument(loadConfig(args.config), { url, version: packageJson.version })
      const text = `${JSON.stringify(document, null, 2)}\n`
      if (args.out === undefined) process.stdout.write(text)
      else write(args.out, text)
    }),
})

/** @throws {Failure} */
function originOf(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Failure(`--url: "${text}" is not an address like https://…`)
  // Paths of sources hang on it, and nobody wants a password in a document.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new Failure(`--url: scheme and host alone, like ${url.origin}`)
  return url.origin
}

/** @throws {Failure} */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (cause) {
    const { code } = cause as { readonly code?: string }
    const why = code === 'ENOENT' ? 'there is no such folder' : code === 'EISDIR' ? 'it is a folder' : messageOf(cause)
    throw new Failure(`${path} cannot be written: ${why}`, { cause })
  }
  process.stdout.write(`${path} is written\n`)
}
