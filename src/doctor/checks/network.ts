/** Each task's subnets and security groups: whether they exist, are in one VPC, and let the task pull its image. */
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type EC2Client,
  type SecurityGroup,
  type Subnet,
} from '@aws-sdk/client-ec2'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { locationOf, tasksInThisAccount } from '../account/task-resources.ts'
import type { Check } from './check.ts'
import { filterBy, routeFaults } from './network-route.ts'

export const network: Check = {
  about: 'network',
  async run(context) {
    const found = await Promise.all(
      tasksInThisAccount(context).map((task) =>
        networkFindings(task, context.aws.ec2(locationOf(task, context).region)),
      ),
    )
    return found.flat()
  },
}

async function networkFindings(task: TaskConfig, ec2: EC2Client): Promise<Finding[]> {
  // By filter: a query by ids fails as a whole if one of them does not exist.
  const [subnetAnswer, groupAnswer] = await Promise.all([
    getIfExists(ec2.send(new DescribeSubnetsCommand(filterBy('subnet-id', task.subnets)))),
    task.securityGroups === undefined
      ? undefined
      : getIfExists(ec2.send(new DescribeSecurityGroupsCommand(filterBy('group-id', task.securityGroups)))),
  ])
  const subnets = subnetAnswer?.Subnets ?? []
  const groups = groupAnswer?.SecurityGroups ?? []
  const routes = await Promise.all(subnets.map((subnet) => routeFaults(task, subnet, ec2)))
  const findings = [
    ...missingFaults(task, subnets, groups),
    ...vpcFaults(task, subnets, groups),
    ...egressFaults(task, groups),
    ...routes.flat(),
  ]
  if (findings.length > 0) return findings
  return [ok(`${task.name}: it can pull its image in ${subnets.map(({ SubnetId }) => SubnetId).join(', ')}`)]
}

function missingFaults(
  { name, subnets, securityGroups = [] }: TaskConfig,
  foundSubnets: readonly Subnet[],
  foundGroups: readonly SecurityGroup[],
): Finding[] {
  const hasSubnet = (id: string) => foundSubnets.some(({ SubnetId }) => SubnetId === id)
  const hasGroup = (id: string) => foundGroups.some(({ GroupId }) => GroupId === id)
  const missing = [
    ...subnets.filter((id) => !hasSubnet(id)).map((id) => `subnet ${id}`),
    ...securityGroups.filter((id) => !hasGroup(id)).map((id) => `security group ${id}`),
  ]
  return missing.map((what) =>
    problem(`${name}: there is no ${what} in this account and region`, 'correct it in the config'),
  )
}

function vpcFaults({ name }: TaskConfig, subnets: readonly Subnet[], groups: readonly SecurityGroup[]): Finding[] {
  const vpcs = [...new Set(subnets.map(({ VpcId }) => VpcId))]
  if (vpcs.length > 1)
    return [
      problem(`${name}: its subnets are in ${vpcs.length} VPCs (${vpcs.join(', ')})`, 'use the subnets of one VPC'),
    ]
  return groups
    .filter(({ VpcId }) => vpcs.length === 1 && VpcId !== vpcs[0])
    .map(({ GroupId, VpcId }) =>
      problem(
        `${name}: the security group ${GroupId} is in ${VpcId}, and the subnets are in ${vpcs[0]}`,
        'use a security group of the subnets’ VPC',
      ),
    )
}

/** Images are pulled over HTTPS. */
function egressFaults({ name }: TaskConfig, groups: readonly SecurityGroup[]): Finding[] {
  const allowsHttps = ({ IpPermissionsEgress = [] }: SecurityGroup): boolean =>
    IpPermissionsEgress.some(
      ({ IpProtocol, FromPort = 0, ToPort = 65_535 }) =>
        IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= 443 && ToPort >= 443),
    )
  if (groups.length === 0 || groups.some(allowsHttps)) return []
  return [
    problem(
      `${name}: no security group allows outbound traffic to port 443, so the task cannot pull its image`,
      `aws ec2 authorize-security-group-egress --group-id ${groups[0]?.GroupId} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
    ),
  ]
}
