/** The rate limits of a source: `600/m`, or with a burst. */
import * as v from 'valibot'
import type { SourceConfig } from '../core/model/source-config.ts'
import type { Rate } from '../core/model/token-bucket.ts'
import { closed, described, integer } from './fields.ts'

const ratePattern = /^([1-9]\d{0,4})\/([smh])$/
const examples = 'a rate like 10/s, 600/m or 100/h'
const rateText = v.pipe(v.string(`must be ${examples}`), v.regex(ratePattern, `must be ${examples}`))
const maxBurst = 10_000

const rate = (description: string) =>
  described(
    v.optional(
      v.union(
        [rateText, closed({ rate: rateText, burst: v.optional(integer(1, maxBurst)) })],
        `must be ${examples}, or { rate: 600/m, burst: 50 }`,
      ),
    ),
    description,
  )

export const limits = described(
  v.pipe(
    closed({
      deliveries: rate('For all deliveries of the source that start a new run.'),
      perActor: rate('The same for each person.'),
    }),
    v.check((each) => Object.values(each).some((one) => one !== undefined), 'must set deliveries, perActor or both'),
  ),
  'How often the source may start new runs.',
)

export type RawLimits = v.InferOutput<typeof limits>
type RawRate = NonNullable<RawLimits['perActor']>

export const toLimits = ({ deliveries, perActor }: RawLimits): NonNullable<SourceConfig['limits']> => ({
  ...(deliveries !== undefined && { deliveries: toRate(deliveries) }),
  ...(perActor !== undefined && { perActor: toRate(perActor) }),
})

function toRate(raw: RawRate): Rate {
  const { rate, burst } = typeof raw === 'string' ? { rate: raw, burst: undefined } : raw
  const [, digits, per] = ratePattern.exec(rate) ?? []
  const count = Number(digits)
  return { count, per: per as Rate['per'], burst: burst ?? Math.min(count, maxBurst) }
}
