/** The table of runs. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { tableInput, ttlAttribute } from '../../core/store/dynamodb-table.ts'
import { ask } from '../clients.ts'
import { type Check, variablesOf } from '../context.ts'

export const ledger: Check = {
  about: 'ledger',
  async look(examined) {
    const { dynamo } = examined.aws
    const TableName = variablesOf(examined).TASKHOOK_TABLE
    if (TableName === undefined) return []
    const table = (await ask(dynamo.send(new DescribeTableCommand({ TableName }))))?.Table
    if (table === undefined) return [problem(`there is no table ${TableName}`, 'deploy again, or mend TASKHOOK_TABLE')]

    const wanted = tableInput(TableName)
    const findings: Finding[] = []
    if (JSON.stringify(table.KeySchema) !== JSON.stringify(wanted.KeySchema))
      findings.push(
        problem(
          `${TableName} has other keys than the ledger’s`,
          'make it from table.json, which taskhook build writes',
        ),
      )
    const indexes = (table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName)
    for (const { IndexName } of wanted.GlobalSecondaryIndexes ?? [])
      if (!indexes.includes(IndexName))
        findings.push(
          problem(`${TableName} has no index "${IndexName}", which the sweep asks`, 'add it, as table.json has it'),
        )

    const ttl = await ask(dynamo.send(new DescribeTimeToLiveCommand({ TableName })))
    const { TimeToLiveStatus = '', AttributeName } = ttl?.TimeToLiveDescription ?? {}
    if (!TimeToLiveStatus.startsWith('ENABL') || AttributeName !== ttlAttribute)
      findings.push(
        problem(
          `runs in ${TableName} are kept for ever: TTL is not on "${ttlAttribute}"`,
          `aws dynamodb update-time-to-live --table-name ${TableName} --time-to-live-specification Enabled=true,AttributeName=${ttlAttribute}`,
        ),
      )
    const backups = await ask(dynamo.send(new DescribeContinuousBackupsCommand({ TableName })))
    if (backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus !== 'ENABLED')
      findings.push(
        warning(
          `${TableName} has no point-in-time recovery`,
          `aws dynamodb update-continuous-backups --table-name ${TableName} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
        ),
      )
    return findings.length > 0 ? findings : [ok(`${TableName} is as it should be`)]
  },
}
