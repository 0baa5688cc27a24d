/** The shape of `taskhook.yaml`: validator and JSON Schema come out of this one source. */
import * as v from 'valibot'
import { didYouMean } from '../core/text/suggest.ts'
import { closed, described, duration, text, wanted } from './fields.ts'
import { limits } from './rate-limit-schema.ts'
import { routeEntries } from './route-schema.ts'
import type { AdapterSpecs } from './spec.ts'
import { task } from './task-schema.ts'

/** @param specs the adapters that sources may name */
export function configSchema(specs: AdapterSpecs) {
  const adapters = Object.keys(specs)
  const previousSecretFor = v.optional(
    described(duration, 'How long the previous version of a rotated secret still verifies: 24h, 7d. Default 7d.'),
  )
  const common = { previousSecretFor, limits: v.optional(limits) }
  const variants = adapters.map((adapter) =>
    closed({ adapter: v.literal(adapter), ...common, ...specs[adapter]?.entries }),
  )
  const source = v.variant('adapter', variants, (issue) =>
    issue.received === 'undefined' || typeof issue.input !== 'string'
      ? `is missing: one of ${adapters.join(', ')}`
      : `"${issue.input}" is not an adapter${didYouMean(issue.input, adapters) || `; one of ${adapters.join(', ')}`}`,
  )
  const sourceName = v.pipe(
    text(),
    v.regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'is part of the URL: lower-case letters, digits, "-" and "_"'),
    v.check((name) => name !== 'runs', 'is taken: /runs/ shows runs'),
  )
  return closed({
    sources: described(
      v.record(sourceName, source, wanted('a mapping of sources')),
      'Who may send; the name is the URL path.',
    ),
    tasks: described(
      v.record(
        v.pipe(text(), v.regex(/^[A-Za-z0-9][\w-]{0,62}$/, 'is a name: letters, digits, "-" and "_"')),
        task,
        wanted('a mapping of tasks'),
      ),
      'What may be run.',
    ),
    routes: described(
      v.pipe(
        v.array(closed(routeEntries), wanted('a list of routes')),
        v.minLength(1, 'must not be empty: without a route nothing runs'),
      ),
      'Which delivery runs which task.',
    ),
  })
}

export type RawConfig = v.InferOutput<ReturnType<typeof configSchema>>
export type RawTask = v.InferOutput<typeof task>
export type RawRoute = RawConfig['routes'][number]
