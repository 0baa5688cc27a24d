import type { Finding } from '../../core/model/checkup.ts'
import type { DoctorContext } from '../account/context.ts'

/** One step of `taskhook doctor`. It only reads. */
export interface Check {
  /** The heading in the report, and `about` in its JSON. */
  readonly about: string
  /** @throws {AwsRequestFailed} */
  readonly run: (context: DoctorContext) => Promise<readonly Finding[]>
}
