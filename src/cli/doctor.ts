/** `taskhook doctor`: checks a deployment and prints the findings. */
import { createHash } from 'node:crypto'
import { defineCommand } from 'citty'
import pc from 'picocolors'
import { buildPackage } from '../deploy/package.ts'
import { createClients } from '../doctor/account/clients.ts'
import { type Paint, renderReport } from '../doctor/render-report.ts'
import { runChecks } from '../doctor/run-checks.ts'
import { configArgument, nameArgument } from './arguments.ts'
import { reportErrors } from './command-error.ts'
import { withAwsErrors } from './deployment.ts'
import { loadConfig } from './load-config.ts'

export const doctor = defineCommand({
  args: {
    config: configArgument,
    name: nameArgument,
    json: { type: 'boolean', description: 'Print the findings as JSON' },
  },
  run: ({ args }) =>
    reportErrors(async () => {
      const config = loadConfig(args.config)
      const packageSha256 = createHash('sha256').update(buildPackage(config).zip).digest('base64')
      // Region and credentials come from the environment and the profile, as in the AWS CLI.
      const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined
      const aws = createClients(region === undefined ? {} : { region })
      const report = await withAwsErrors(() =>
        runChecks({ config, name: args.name, aws, fetch, now: Date.now, packageSha256 }),
      )
      const lines = args.json
        ? [JSON.stringify(report, null, 2)]
        : [
            `${args.name} of ${args.config}, in account ${report.account}, ${report.region}`,
            '',
            ...renderReport(report, process.stdout.columns ?? 80, paint),
          ]
      process.stdout.write(`${lines.join('\n')}\n`)
      const hasProblem = report.checks.some(({ findings }) => findings.some(({ level }) => level === 'problem'))
      if (hasProblem) process.exitCode = 1
    }),
})

const colors: Readonly<Record<Parameters<Paint>[0], (text: string) => string>> = {
  ok: pc.green,
  warning: pc.yellow,
  problem: pc.red,
  unknown: pc.yellow,
  title: pc.bold,
  fix: pc.dim,
}
const paint: Paint = (level, text) => colors[level](text)
