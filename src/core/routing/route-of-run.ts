/** Finds the route that made a run: only that route, unchanged, may rerun it or act on it. Pure. */
import { createHash } from 'node:crypto'
import type { RouteConfig } from '../model/config.ts'
import type { Plan } from '../model/plan.ts'
import type { Route } from './prepare-route.ts'

/** 16 hexadecimal digits over what a route lets happen. Names, people and filters other than `event` and `command` may change. */
export const fingerprintOf = ({ on, run, event, command, with: params }: RouteConfig): string =>
  createHash('sha256')
    .update(JSON.stringify([on, run, event, command, params]))
    .digest('hex')
    .slice(0, 16)

/** Undefined: the route is no longer in the config, or has changed. */
export const routeOf = (routes: readonly Route[], plan: Pick<Plan, 'route' | 'routeIs'>): Route | undefined =>
  routes.find(({ id, config }) => id === plan.route && fingerprintOf(config) === plan.routeIs)
