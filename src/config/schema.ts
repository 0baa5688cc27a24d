/** The shape of `taskhook.yaml`. The validator and the JSON Schema are both made from it. */
import * as v from 'valibot'
import { didYouMean } from '../core/text/suggest.ts'
import { duration } from './duration.ts'
import { closed, described, mustBe, text } from './fields.ts'
import { limits } from './rate-limit-schema.ts'
import { routeEntries } from './route-schema.ts'
import type { AdapterSpecs } from './spec.ts'
import { task } from './task-schema.ts'

/** @param specs the adapters that sources may name */
export const configSchema = (specs: AdapterSpecs) =>
  closed({
    sources: described(
      v.record(sourceName, sourceSchema(specs), mustBe('a mapping of sources')),
      'The senders. The name is the URL path.',
    ),
    tasks: described(v.record(taskName, task, mustBe('a mapping of tasks')), 'What can run.'),
    routes: described(
      v.pipe(
        v.array(closed(routeEntries), mustBe('a list of routes')),
        v.minLength(1, 'must not be empty: without a route, no task runs'),
      ),
      'Which delivery runs which task.',
    ),
  })

const sourceName = v.pipe(
  text(),
  v.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'is part of the URL: use lower-case letters, digits, "-" and "_"'),
  v.check((name) => name !== 'runs', 'is reserved: /runs/ is the address of runs'),
)

const taskName = v.pipe(
  text(),
  v.regex(/^[A-Za-z0-9][\w-]{0,62}$/, 'is not a valid name: use letters, digits, "-" and "_"'),
)

function sourceSchema(specs: AdapterSpecs) {
  const adapters = Object.keys(specs)
  const common = {
    previousSecretFor: v.optional(
      described(duration, 'How long the previous version of a rotated secret still verifies: 24h, 7d. Default 7d.'),
    ),
    limits: v.optional(limits),
  }
  const variants = adapters.map((adapter) =>
    closed({ adapter: v.literal(adapter), ...common, ...specs[adapter]?.entries }),
  )
  return v.variant('adapter', variants, (issue) =>
    issue.received === 'undefined' || typeof issue.input !== 'string'
      ? `is missing; must be one of ${adapters.join(', ')}`
      : `"${issue.input}" is not an adapter${didYouMean(issue.input, adapters) || `; must be one of ${adapters.join(', ')}`}`,
  )
}

export type RawConfig = v.InferOutput<ReturnType<typeof configSchema>>
export type RawTask = v.InferOutput<typeof task>
export type RawRoute = RawConfig['routes'][number]
