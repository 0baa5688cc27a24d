/** Senders whose own npm package makes the deliveries, or confirms them. */
import type { Sender } from './recorder.ts'
import { batches } from './vendors/batches.ts'
import { signedBody } from './vendors/body-only.ts'
import { discord } from './vendors/discord.ts'
import { hook0 } from './vendors/hook0.ts'
import { otherTimes } from './vendors/other-times.ts'
import { shopify } from './vendors/shopify.ts'
import { signedAddress } from './vendors/signed-address.ts'
import { standardWebhooks } from './vendors/standard-webhooks.ts'
import { timestamped } from './vendors/timestamped.ts'

/** @param require loads a package from the folder in which they are installed */
export const packageSenders = (require: NodeJS.Require): readonly Sender[] =>
  [standardWebhooks, timestamped, signedBody, shopify, signedAddress, batches, otherTimes, hook0, discord].flatMap(
    (senders) => senders(require),
  )
