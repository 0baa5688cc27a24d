/** Slack's `trigger_id`: it opens one modal within three seconds. Pure. https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */

/** The first of its parts finds the delivery again and opens nothing, so it may be logged. An id without parts may be all key. */
export const deliveryIdOf = (triggerId: unknown): string =>
  /^(\d{1,20})\./.exec(typeof triggerId === 'string' ? triggerId : '')?.[1] ?? ''
