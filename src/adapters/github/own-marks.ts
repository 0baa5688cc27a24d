/** Marks what taskhook itself writes on GitHub, so that its own statuses and comments start no run. Pure. */

const statusPrefix = 'taskhook/'
const markerStart = '<!-- taskhook:'

/** The name of a task's commit status or check run. */
export const statusNameOf = (task: string): string => `${statusPrefix}${task}`

export const isOwnStatusName = (name: unknown): boolean => typeof name === 'string' && name.startsWith(statusPrefix)

/** An HTML comment, which GitHub does not show. @param run whose state the comment shows, if it shows one */
export const commentMarker = (run = '-'): string => `${markerStart}${run} -->`

export const hasCommentMarker = (body: string): boolean => body.includes(markerStart)
