/** A person's name for a reason: one line of at most 64 plain characters, since it comes from outside. */
export const plainName = (text: string): string =>
  [...text.replace(/[^\p{L}\p{N} ._@-]/gu, '').trim()].slice(0, 64).join('') || 'somebody'
