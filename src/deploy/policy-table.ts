/** The policies as the Markdown table in docs/security.md. */
import type { Policies } from './function-policies.ts'

export const policyTable = (policies: Policies): string =>
  [
    '| function | may | on | if |',
    '| --- | --- | --- | --- |',
    ...Object.entries(policies).flatMap(([name, statements]) =>
      statements.map(({ Action, Resource, Condition = {} }) => {
        const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
          Object.entries(keys).map(
            ([key, value]) =>
              `${operator} \`${key}\`: ${[value]
                .flat()
                .map((text) => `\`${text}\``)
                .join(', ')}`,
          ),
        )
        const cells = [`\`${name}\``, codes(Action), codes(Resource), conditions.join('; ')]
        return `| ${cells.join(' | ')} |`
      }),
    ),
  ].join('\n')

const codes = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join('<br>')
