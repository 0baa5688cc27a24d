/** `taskhook build`: writes the deployment package and the files that Terraform and CDK read. */
import { defineCommand } from 'citty'
import { builtinSpecs } from '../adapters/spec-registry.ts'
import { notesOn } from '../config/notes.ts'
import { messageOf } from '../core/errors.ts'
import { ttlAttribute } from '../core/store/dynamodb-table.ts'
import { writePackage } from '../deploy/package.ts'
import { configArgument } from './arguments.ts'
import { CommandError, reportErrors } from './command-error.ts'
import { loadConfig } from './load-config.ts'

export const build = defineCommand({
  args: {
    config: configArgument,
    out: {
      type: 'string',
      required: true,
      valueHint: 'DIR',
      description: 'Output directory, which Terraform and CDK read',
    },
  },
  run: ({ args }) =>
    reportErrors(() => {
      const config = loadConfig(args.config)
      const { zip, bytes, code, atInit } = writeOrFail(() => writePackage(config, args.out))
      const kB = (bytes: number): string => `${Math.ceil(bytes / 1024)} kB`
      process.stdout.write(
        [
          `${zip}  ${kB(bytes)}, ${kB(code)} of code unpacked`,
          `Read at init: ${kB(atInit.receive)} by receive, ${kB(atInit.start)} by start and settle`,
          `Also written for Terraform or CDK: taskhook.json, table.json (TTL on "${ttlAttribute}"), policies.json and assumed-roles.json. See docs/deploy.md`,
          ...notesOn(config, builtinSpecs).map((note) => `note: ${note}`),
          '',
        ].join('\n'),
      )
    }),
})

/** @throws {CommandError} */
function writeOrFail<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    throw new CommandError(messageOf(error), { cause: error })
  }
}
