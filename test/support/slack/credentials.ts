/** Trigger ids and response URLs that Slack hands out, with their limits: https://docs.slack.dev/interactivity/handling-user-interaction */

/** A trigger opens one modal, within three seconds. */
const triggerLifetimeMs = 3_000
const responseUrlLifetimeMs = 30 * 60_000
const responseUrlUses = 5

interface Trigger {
  readonly issuedAt: number
  used: boolean
  readonly command: string
  readonly user: string
}

interface ResponseUrl {
  readonly issuedAt: number
  readonly channel: string
  readonly user: string
  uses: number
  /** `ts` of the message in the channel that it can replace. */
  readonly original: string | undefined
}

export interface Credentials {
  /** Everything that was handed out: no log line and no item of the table may contain it. */
  readonly issued: string[]
  issueTrigger(command: string, user: string): string
  /** @returns the error that Slack answers, or the trigger, which is then used up by `use` */
  trigger(id: string): { readonly error: string } | { readonly command: string; readonly user: string; use(): void }
  issueResponseUrl(kind: 'commands' | 'actions', channel: string, user: string, original?: string): string
  /** Counts one use. @returns the error that Slack answers, or where a response goes */
  useResponseUrl(url: string): { readonly error: string } | Pick<ResponseUrl, 'channel' | 'user' | 'original'>
}

/** @param now milliseconds since the epoch */
export function createCredentials(now: () => number): Credentials {
  const issued: string[] = []
  const triggers = new Map<string, Trigger>()
  const urls = new Map<string, ResponseUrl>()
  return {
    issued,
    issueTrigger(command, user) {
      const id = `13345224609${issued.length + 1}.738474920.${crypto.randomUUID().replaceAll('-', '')}`
      triggers.set(id, { issuedAt: now(), used: false, command, user })
      issued.push(id)
      return id
    },
    trigger(id) {
      const trigger = triggers.get(id)
      if (trigger === undefined) return { error: 'invalid_trigger_id' }
      if (trigger.used) return { error: 'exchanged_trigger_id' }
      if (now() - trigger.issuedAt > triggerLifetimeMs) return { error: 'expired_trigger_id' }
      return {
        command: trigger.command,
        user: trigger.user,
        use() {
          trigger.used = true
        },
      }
    },
    issueResponseUrl(kind, channel, user, original) {
      const url = `https://hooks.slack.com/${kind}/T1/${issued.length + 1}/${crypto.randomUUID()}`
      urls.set(url, { issuedAt: now(), channel, user, uses: 0, original })
      issued.push(url)
      return url
    },
    useResponseUrl(url) {
      const known = urls.get(url)
      if (known === undefined || ++known.uses > responseUrlUses) return { error: 'used_url' }
      return now() - known.issuedAt > responseUrlLifetimeMs ? { error: 'expired_url' } : known
    },
  }
}
