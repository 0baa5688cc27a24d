/** Looks up which teams a person is a member of. https://docs.github.com/en/rest/teams/members#get-team-membership-for-a-user */
import { type ApiClient, statusOf } from './api-client.ts'

/** @returns those of the teams that the person is an active member of */
export async function teamsOf(client: ApiClient, teams: readonly string[], username = ''): Promise<string[]> {
  const memberships = await Promise.all(teams.map((team) => isMember(client, team, username)))
  return teams.filter((_, at) => memberships[at] === true)
}

async function isMember({ request }: ApiClient, team: string, username: string): Promise<boolean> {
  const [org = '', team_slug = ''] = team.split('/')
  try {
    const { data } = await request('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', {
      org,
      team_slug,
      username,
    })
    return data.state === 'active'
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}
