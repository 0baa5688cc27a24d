/** What `taskhook doctor` asks about a source, by adapter. Beside the registry, so that no Lambda function comes to it. */
import type { Checkup } from '../core/model/checkup.ts'

export const checkups: Readonly<Record<string, () => Promise<Checkup>>> = {
  github: () => import('./github/checkup.ts').then(({ checkup }) => checkup),
  slack: () => import('./slack/checkup.ts').then(({ checkup }) => checkup),
  hmac: () => import('./hmac/checkup.ts').then(({ checkup }) => checkup),
}
