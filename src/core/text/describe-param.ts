/** A parameter's type in words, for errors, help and forms. Pure. */
import type { Param } from '../model/param.ts'

/** `an integer from 1 to 10`, `one of eu, us`. */
export function describeParam(param: Param): string {
  switch (param.type) {
    case 'boolean':
      return 'true or false'
    case 'string':
      if (param.enum !== undefined) return `one of ${param.enum.join(', ')}`
      return param.pattern === undefined ? 'text' : `text like ${param.pattern}`
    default: {
      const noun = param.type === 'integer' ? 'an integer' : 'a number'
      if (param.min !== undefined && param.max !== undefined) return `${noun} from ${param.min} to ${param.max}`
      if (param.min !== undefined) return `${noun} of ${param.min} or more`
      return param.max === undefined ? noun : `${noun} of ${param.max} or less`
    }
  }
}
