import { defineCommand } from 'citty'
import { messageOf } from '../core/errors.ts'
import { ttlAttribute } from '../core/store/dynamodb-table.ts'
import { writePackage } from '../deploy/package.ts'
import { configArgument, Failure, guarded, loadConfig } from './load-config.ts'

export const build = defineCommand({
  args: {
    config: configArgument,
    out: {
      type: 'string',
      required: true,
      valueHint: 'DIR',
      description: 'Folder for the zip, and for what Terraform reads',
    },
  },
  run: ({ args }) =>
    guarded(() => {
      const made = packaged(() => writePackage(loadConfig(args.config), args.out))
      const kB = (bytes: number): string => `${Math.ceil(bytes / 1024)} kB`
      process.stdout.write(`${made.zip}  ${kB(made.bytes)}, ${kB(made.code)} of code unpacked\n`)
      process.stdout.write(
        `Read at init: ${kB(made.atInit.receive)} by receive, ${kB(made.atInit.start)} by start and settle\n`,
      )
      process.stdout.write(
        `Beside it taskhook.json, table.json (TTL on "${ttlAttribute}"), policies.json and assumed-roles.json, for Terraform or CDK: docs/deploy.md\n`,
      )
    }),
})

function packaged<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(messageOf(error), { cause: error })
  }
}
