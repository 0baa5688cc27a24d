/** DynamoDB and SQS in a separate process, so that their cost is not measured. It reports the environment variables for the bridge. */
import { startEmulators } from '../../src/local/emulators.ts'
import { reportReady } from './child-process.ts'

const emulators = await startEmulators()
reportReady(emulators.env, emulators.close)
