/** The adapters' checks for `taskhook doctor`. Not part of registry.ts, so that no Lambda function contains them. */
import type { Checkup } from '../core/model/checkup.ts'

export const checkups: Readonly<Record<string, () => Promise<Checkup>>> = {
  github: () => import('./github/checkup.ts').then(({ checkup }) => checkup),
  slack: () => import('./slack/checkup.ts').then(({ checkup }) => checkup),
  hmac: () => import('./hmac/checkup.ts').then(({ checkup }) => checkup),
}
