/** Why a command does not run code that the person may not have seen. Pure. */
import type { Facts } from '../model/trigger.ts'

export const unseenText: Readonly<Record<Exclude<NonNullable<Facts['seen']>, 'yes'>, string>> = {
  'changed-later': 'new commits were pushed after your comment; comment again',
  unknown:
    'it is not known when the newest commit was pushed, so you may not have seen it; comment again. If that does not help, the operator must let taskhook read the activity of the repository',
}
