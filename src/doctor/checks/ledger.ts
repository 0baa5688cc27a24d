/** The DynamoDB table of runs: keys, indexes, TTL and backups. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import { tableInput, ttlAttribute } from '../../core/store/dynamodb-table.ts'
import type { AwsClients } from '../account/clients.ts'
import { environmentOf } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'

export const ledger: Check = {
  about: 'ledger',
  async run(context) {
    const { dynamo } = context.aws
    const TableName = environmentOf(context).TASKHOOK_TABLE
    if (TableName === undefined) return []
    const table = (await getIfExists(dynamo.send(new DescribeTableCommand({ TableName }))))?.Table
    if (table === undefined)
      return [problem(`there is no table ${TableName}`, 'deploy again, or correct TASKHOOK_TABLE')]
    const findings = [
      ...schemaFaults(TableName, table),
      ...(await ttlFaults(TableName, context.aws)),
      ...(await backupFaults(TableName, context.aws)),
    ]
    return findings.length > 0 ? findings : [ok(`${TableName} has its keys, indexes, TTL and backups`)]
  },
}

function schemaFaults(TableName: string, table: TableDescription): Finding[] {
  const wanted = tableInput(TableName)
  const findings: Finding[] = []
  if (JSON.stringify(table.KeySchema) !== JSON.stringify(wanted.KeySchema))
    findings.push(
      problem(
        `${TableName} has other keys than the ledger needs`,
        'create it from table.json, which taskhook build writes',
      ),
    )
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName)
  for (const { IndexName } of wanted.GlobalSecondaryIndexes)
    if (!indexes.includes(IndexName))
      findings.push(problem(`${TableName} has no index "${IndexName}"`, 'add it as table.json describes it'))
  return findings
}

async function ttlFaults(TableName: string, { dynamo }: AwsClients): Promise<Finding[]> {
  const ttl = await getIfExists(dynamo.send(new DescribeTimeToLiveCommand({ TableName })))
  const { TimeToLiveStatus = '', AttributeName } = ttl?.TimeToLiveDescription ?? {}
  if (TimeToLiveStatus.startsWith('ENABL') && AttributeName === ttlAttribute) return []
  return [
    problem(
      `${TableName} keeps runs for ever: TTL is not enabled on "${ttlAttribute}"`,
      `aws dynamodb update-time-to-live --table-name ${TableName} --time-to-live-specification Enabled=true,AttributeName=${ttlAttribute}`,
    ),
  ]
}

async function backupFaults(TableName: string, { dynamo }: AwsClients): Promise<Finding[]> {
  const backups = await getIfExists(dynamo.send(new DescribeContinuousBackupsCommand({ TableName })))
  const recovery = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription
  if (recovery?.PointInTimeRecoveryStatus === 'ENABLED') return []
  return [
    warning(
      `${TableName} has no point-in-time recovery`,
      `aws dynamodb update-continuous-backups --table-name ${TableName} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    ),
  ]
}
