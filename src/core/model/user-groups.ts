/** Distinguishes groups from people where a list (`approval.from`) may name both. Pure. */

/** The id of a Slack user group: `S0123ABC`. The ids of people begin with U or W. */
export const isUserGroupId = (id: string): boolean => /^S[A-Z0-9]{2,}$/.test(id)

/** A GitHub team: `organisation/team`. A login has no slash. */
export const isTeam = (name: string): boolean => name.includes('/')
