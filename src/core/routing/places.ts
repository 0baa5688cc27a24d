/** The places in which a run may start: combinations of capacity and subnets. Pure. */
import type { Place, Plan } from '../model/plan.ts'

/**
 * In the order in which they are tried: each capacity in all subnets, then in each subnet alone. One full zone, or one subnet without
 * free addresses, must not prevent a start that another subnet allows.
 */
export const placesOf = ({ settings: { capacity, subnets } }: Plan): readonly Place[] =>
  capacity.flatMap((name) => [
    { capacity: name, subnets },
    ...(subnets.length > 1 ? subnets.map((subnet) => ({ capacity: name, subnets: [subnet] })) : []),
  ])
