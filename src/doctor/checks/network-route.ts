/** Whether a subnet has a route to the registry of a task's image. */
import {
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  type EC2Client,
  type RouteTable,
  type Subnet,
} from '@aws-sdk/client-ec2'
import { type Finding, problem } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import { getIfExists } from '../account/get-if-exists.ts'

export const filterBy = (Name: string, Values: readonly string[]) => ({ Filters: [{ Name, Values: [...Values] }] })

export async function routeFaults(task: TaskConfig, subnet: Subnet, ec2: EC2Client): Promise<Finding[]> {
  const target = defaultRouteTarget(await routeTableOf(subnet, ec2))
  if (target === 'nat') return []
  if (target === 'none') return endpointFaults(task, subnet, ec2)
  if (task.assignPublicIp === 'ENABLED') return []
  return [
    problem(
      `${task.name}: ${subnet.SubnetId} is a public subnet, but the task gets no public address there, so it cannot pull its image`,
      'set assignPublicIp: ENABLED, or use subnets with a NAT gateway',
    ),
  ]
}

/** A subnet without a route table of its own uses the main route table of the VPC. */
async function routeTableOf({ SubnetId = '', VpcId = '' }: Subnet, ec2: EC2Client): Promise<RouteTable | undefined> {
  const tablesBy = async (name: string, value: string) =>
    (await getIfExists(ec2.send(new DescribeRouteTablesCommand(filterBy(name, [value])))))?.RouteTables ?? []
  const [own] = await tablesBy('association.subnet-id', SubnetId)
  if (own !== undefined) return own
  const all = await tablesBy('vpc-id', VpcId)
  return all.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true))
}

/** Where `0.0.0.0/0` goes: an internet gateway, which requires a public address, or something like a NAT, which does not. */
function defaultRouteTarget(table: RouteTable | undefined): 'internet-gateway' | 'nat' | 'none' {
  const route = table?.Routes?.find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === '0.0.0.0/0' && State !== 'blackhole',
  )
  if (route === undefined) return 'none'
  return route.GatewayId?.startsWith('igw-') ? 'internet-gateway' : 'nat'
}

/** Without a default route, the VPC needs endpoints for ECR. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
async function endpointFaults(
  { name }: TaskConfig,
  { SubnetId, VpcId = '' }: Subnet,
  ec2: EC2Client,
): Promise<Finding[]> {
  const answer = await getIfExists(ec2.send(new DescribeVpcEndpointsCommand(filterBy('vpc-id', [VpcId]))))
  const services = (answer?.VpcEndpoints ?? []).map(({ ServiceName = '' }) => ServiceName)
  const missing = ['ecr.api', 'ecr.dkr', 's3', 'logs'].filter(
    (service) => !services.some((each) => each.endsWith(`.${service}`)),
  )
  if (missing.length === 0) return []
  return [
    problem(
      `${name}: ${SubnetId} has no route to the internet, and its VPC has no endpoint for ${missing.join(', ')}: the task cannot pull its image or write its log`,
      'route 0.0.0.0/0 to a NAT gateway, or create the endpoints',
    ),
  ]
}
