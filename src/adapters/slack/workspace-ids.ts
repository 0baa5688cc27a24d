/** The workspace of a delivery. Pure. https://docs.slack.dev/enterprise/ */

interface Interaction {
  /** Null if the app is installed in a whole organisation. */
  readonly team: { readonly id: string; readonly enterprise_id?: string } | null
  /** `team_id` may be the id of the organisation. */
  readonly user: { readonly team_id?: string }
  readonly enterprise?: { readonly id: string } | null
}

/** The id of the workspace, then that of its organisation, as far as the delivery names them. */
export const workspaceIds = (...ids: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(ids.flatMap((id) => (id ? [id] : []))),
]

/** @param installedIn the workspace that a modal names itself */
export const workspaceIdsOf = ({ team, user, enterprise }: Interaction, installedIn?: string): readonly string[] =>
  workspaceIds(team?.id ?? installedIn ?? user.team_id, enterprise?.id ?? team?.enterprise_id)
