/** DynamoDB and SQS in a process of their own, so that what they cost is not counted as ours. Says what the bridge reads from its environment. */
import { startEmulators } from '../../src/local/emulators.ts'
import { ready } from './start.ts'

const emulators = await startEmulators()
ready(emulators.env, emulators.close)
