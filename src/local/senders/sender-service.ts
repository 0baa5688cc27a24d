/** Which service a URL belongs to. Pure. */
import type { SenderService } from '../faults/fault-kinds.ts'

/** GitHub Enterprise Server is recognized by its path, `/api/v3/`. */
export function serviceOf({ hostname, pathname }: URL): SenderService {
  if (/(^|\.)slack(-gov)?\.com$/.test(hostname)) return 'slack'
  return hostname === 'api.github.com' || pathname.startsWith('/api/v3/') ? 'github' : 'other'
}
