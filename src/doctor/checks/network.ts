/** Subnets and security groups of each task: there, in one VPC, and with a way to an image. */
import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  type EC2Client,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
} from '@aws-sdk/client-ec2'
import { type Finding, ok, problem } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import { ask } from '../clients.ts'
import { type Check, homeOf, tasksHere } from '../context.ts'

export const network: Check = {
  about: 'network',
  async look(examined) {
    const found = await Promise.all(
      tasksHere(examined).map((task) => lookAt(task, examined.aws.ec2(homeOf(task, examined).region))),
    )
    return found.flat()
  },
}

const filter = (Name: string, Values: readonly string[]) => ({ Filters: [{ Name, Values: [...Values] }] })

async function lookAt(task: TaskConfig, ec2: EC2Client): Promise<Finding[]> {
  // By filter: asked by id, one that is missing spoils the answer about the others.
  const [subnets, groups] = await Promise.all([
    ask(ec2.send(new DescribeSubnetsCommand(filter('subnet-id', task.subnets)))),
    task.securityGroups === undefined
      ? undefined
      : ask(ec2.send(new DescribeSecurityGroupsCommand(filter('group-id', task.securityGroups)))),
  ])
  const Subnets = subnets?.Subnets ?? []
  const SecurityGroups = groups?.SecurityGroups ?? []
  const findings = [
    ...absent(task, Subnets, SecurityGroups),
    ...strangers(task, Subnets, SecurityGroups),
    ...outwards(task, SecurityGroups),
    ...(await Promise.all(Subnets.map((subnet) => wayOut(task, subnet, ec2)))).flat(),
  ]
  return findings.length > 0 ? findings : [ok(`${task.name}: ${Subnets.length} subnets with a way to an image`)]
}

function absent(
  { name, subnets, securityGroups = [] }: TaskConfig,
  found: Subnet[],
  groups: SecurityGroup[],
): Finding[] {
  const lost = [
    ...subnets.filter((id) => !found.some(({ SubnetId }) => SubnetId === id)).map((id) => `subnet ${id}`),
    ...securityGroups.filter((id) => !groups.some(({ GroupId }) => GroupId === id)).map((id) => `security group ${id}`),
  ]
  return lost.map((what) => problem(`${name}: there is no ${what} in this account and region`, 'mend it in the config'))
}

function strangers({ name }: TaskConfig, subnets: Subnet[], groups: SecurityGroup[]): Finding[] {
  const vpcs = [...new Set(subnets.map(({ VpcId }) => VpcId))]
  if (vpcs.length > 1)
    return [problem(`${name}: its subnets are in ${vpcs.length} VPCs (${vpcs.join(', ')})`, 'take the subnets of one')]
  return groups
    .filter(({ VpcId }) => vpcs.length === 1 && VpcId !== vpcs[0])
    .map(({ GroupId, VpcId }) =>
      problem(
        `${name}: the security group ${GroupId} is in ${VpcId}, and the subnets are in ${vpcs[0]}`,
        'take a security group of the subnets’ VPC',
      ),
    )
}

/** Images come over HTTPS. */
function outwards({ name }: TaskConfig, groups: SecurityGroup[]): Finding[] {
  const opens = ({ IpPermissionsEgress = [] }: SecurityGroup): boolean =>
    IpPermissionsEgress.some(
      ({ IpProtocol, FromPort = 0, ToPort = 65_535 }) =>
        IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= 443 && ToPort >= 443),
    )
  if (groups.length === 0 || groups.some(opens)) return []
  return [
    problem(
      `${name}: no security group lets it out on port 443: it cannot pull its image`,
      `aws ec2 authorize-security-group-egress --group-id ${groups[0]?.GroupId} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
    ),
  ]
}

async function wayOut(task: TaskConfig, subnet: Subnet, ec2: EC2Client): Promise<Finding[]> {
  const { SubnetId = '', VpcId = '' } = subnet
  const own = await ask(ec2.send(new DescribeRouteTablesCommand(filter('association.subnet-id', [SubnetId]))))
  const vpc = own?.RouteTables?.length
    ? own
    : await ask(ec2.send(new DescribeRouteTablesCommand(filter('vpc-id', [VpcId]))))
  // A subnet without a table of its own goes by the VPC's main one.
  const table =
    own?.RouteTables?.[0] ??
    vpc?.RouteTables?.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true))
  const way = defaultWay(table)
  if (way === 'gateway') {
    if (task.assignPublicIp === 'ENABLED') return []
    return [
      problem(
        `${task.name}: ${SubnetId} is a public subnet, and the task has no public address there: it cannot pull its image`,
        'set assignPublicIp: ENABLED, or take subnets that go out through a NAT',
      ),
    ]
  }
  return way === 'other' ? [] : byEndpoints(task, SubnetId, VpcId, ec2)
}

/** Where `0.0.0.0/0` leads: an internet gateway, which needs a public address, or something that needs none. */
function defaultWay(table: RouteTable | undefined): 'gateway' | 'other' | 'none' {
  const route = table?.Routes?.find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === '0.0.0.0/0' && State !== 'blackhole',
  )
  if (route === undefined) return 'none'
  return route.GatewayId?.startsWith('igw-') ? 'gateway' : 'other'
}

/** Without a way out, ECR must be in the VPC. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
async function byEndpoints({ name }: TaskConfig, subnet: string, vpc: string, ec2: EC2Client): Promise<Finding[]> {
  const answer = await ask(ec2.send(new DescribeVpcEndpointsCommand(filter('vpc-id', [vpc]))))
  const services = (answer?.VpcEndpoints ?? []).map(({ ServiceName = '' }) => ServiceName)
  const lacking = ['ecr.api', 'ecr.dkr', 's3', 'logs'].filter(
    (service) => !services.some((each) => each.endsWith(`.${service}`)),
  )
  if (lacking.length === 0) return []
  return [
    problem(
      `${name}: ${subnet} has no way out, and its VPC has no endpoint for ${lacking.join(', ')}: it cannot pull its image, or not log`,
      'route 0.0.0.0/0 to a NAT gateway, or make the endpoints',
    ),
  ]
}
