/** The option `--fault`. */
import { FaultError } from '../local/faults/fault-definition.ts'
import { type FaultRequest, parseFault } from '../local/faults/parse-fault.ts'
import { CommandError } from './command-error.ts'

/** @throws {CommandError} */
export function parseFaultOption(text: string): FaultRequest {
  try {
    return parseFault(text)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    throw new CommandError(`--fault ${text}: ${error.message}\nRun "taskhook dev --fault list" for what each does`, {
      cause: error,
    })
  }
}
