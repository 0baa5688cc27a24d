import { createHash } from 'node:crypto'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import { messageOf } from '../core/errors.ts'
import { buildPackage } from '../deploy/package.ts'
import { createClients } from '../doctor/account/clients.ts'
import { AwsRequestFailed } from '../doctor/account/get-if-exists.ts'
import { type Paint, renderReport } from '../doctor/render-report.ts'
import { runChecks } from '../doctor/run-checks.ts'
import { configArgument, Failure, guarded, loadConfig } from './load-config.ts'

export const doctor = defineCommand({
  args: {
    config: configArgument,
    name: {
      type: 'string',
      default: 'taskhook',
      valueHint: 'taskhook',
      description: 'Prefix of the deployment’s names',
    },
    json: { type: 'boolean', description: 'Print the findings as JSON' },
  },
  run: ({ args }) =>
    guarded(async () => {
      const config = loadConfig(args.config)
      const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined
      const report = await asked(() =>
        runChecks({
          config,
          name: args.name,
          // Region and credentials from the environment and the profile, as in the AWS command line.
          aws: createClients(region === undefined ? {} : { region }),
          fetch,
          now: Date.now,
          packageSha256: createHash('sha256').update(buildPackage(config).zip).digest('base64'),
        }),
      )
      const lines = args.json
        ? [JSON.stringify(report, null, 2)]
        : [
            `${args.name} of ${args.config}, in account ${report.account}, ${report.region}`,
            '',
            ...renderReport(report, process.stdout.columns ?? 80, paint),
          ]
      process.stdout.write(`${lines.join('\n')}\n`)
      const bad = report.checks.some(({ findings }) => findings.some(({ level }) => level === 'problem'))
      if (bad) process.exitCode = 1
    }),
})

const paints: Readonly<Record<Parameters<Paint>[0], (text: string) => string>> = {
  ok: pc.green,
  warning: pc.yellow,
  problem: pc.red,
  unknown: pc.yellow,
  title: pc.bold,
  fix: pc.dim,
}
const paint: Paint = (level, text) => paints[level](text)

async function asked<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof AwsRequestFailed || /region is missing|credential/i.test(messageOf(error)))
      throw new Failure(
        `AWS gives no answer: ${messageOf(error)}\nSet AWS_REGION and credentials, as for the AWS command line: aws sts get-caller-identity must work`,
        { cause: error },
      )
    throw error
  }
}
