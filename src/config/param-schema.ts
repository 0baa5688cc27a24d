/** The shape of a task's parameters. */
import * as v from 'valibot'
import { maxValueLength } from '../core/model/param-rules.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { closed, described, integer, mustBe, text, trueOrFalse } from './fields.ts'

export function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}

const common = {
  env: v.optional(
    described(
      v.pipe(
        text(),
        v.regex(
          /^[A-Za-z_][A-Za-z0-9_]*$/,
          'is not a valid name of an environment variable: use letters, digits and "_"',
        ),
      ),
      'Name of the environment variable. Default: the parameter’s name in upper case, with "_" in place of "-".',
    ),
  ),
  description: v.optional(described(text(), 'Shown in help and forms.')),
  required: v.optional(trueOrFalse),
  secret: v.optional(described(trueOrFalse, 'true: the value is never shown, in no message, status or log.')),
}

const stringParam = closed({
  type: v.literal('string'),
  ...common,
  pattern: v.optional(
    described(
      v.pipe(text('a regular expression'), v.check(isRegExp, 'is not a regular expression')),
      'A regular expression, not anchored.',
    ),
  ),
  minLength: v.optional(integer(0, maxValueLength)),
  maxLength: v.optional(integer(1, maxValueLength)),
  enum: v.optional(
    v.pipe(v.array(v.string(mustBe('text')), mustBe('a list of texts')), v.minLength(1, 'must not be empty')),
  ),
  default: v.optional(v.string(mustBe('text'))),
})

const number = v.number(mustBe('a number'))
/** YAML has `.inf`, but an environment variable cannot hold it. */
const finiteNumber = v.pipe(number, v.finite('must be a finite number'))

const numberParam = (type: 'integer' | 'number') =>
  closed({
    type: v.literal(type),
    ...common,
    min: v.optional(number),
    max: v.optional(number),
    default: v.optional(finiteNumber),
  })

const booleanParam = closed({ type: v.literal('boolean'), ...common, default: v.optional(trueOrFalse) })

const types = ['string', 'integer', 'number', 'boolean'] as const
const param = v.variant('type', [stringParam, numberParam('integer'), numberParam('number'), booleanParam], (issue) =>
  issue.received === 'undefined' || typeof issue.input !== 'string'
    ? `is missing; must be one of ${types.join(', ')}`
    : `"${issue.input}" is not one of ${types.join(', ')}${didYouMean(issue.input, types)}`,
)

const paramName = v.pipe(
  text(),
  v.regex(/^[A-Za-z_][\w-]{0,63}$/, 'is not a valid name: use letters, digits, "_" and "-"'),
)

export const params = v.record(paramName, param, mustBe('a mapping'))
