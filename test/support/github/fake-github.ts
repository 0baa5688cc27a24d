/** GitHub's REST API as far as taskhook uses it, with a memory: what a person would see there now. */
import { endpoints, notFound, type Stored } from './rest-api.ts'

export interface GitHub extends Stored {
  readonly fetch: typeof fetch
  readonly calls: { readonly method: string; readonly path: string; readonly token: string }[]
  /** Gives the answer to a call in place of the API, if it returns one. Without a function, the API answers again. */
  intercept(answer?: (method: string, path: string) => Response | undefined): void
}

export function createGitHub(): GitHub {
  const calls: GitHub['calls'] = []
  const stored: Stored = {
    ...{ comments: [], reactions: [], checkRuns: [], statuses: [], activities: [] },
    ...{ pulls: new Map(), teams: new Map() },
  }
  let intercepted: (method: string, path: string) => Response | undefined = () => undefined
  let ids = 1000

  return {
    ...stored,
    calls,
    intercept(answer = () => undefined) {
      intercepted = answer
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const { method } = request
      const body = JSON.parse((await request.text()) || '{}') as Record<string, unknown>
      calls.push({ method, path: url.pathname, token: request.headers.get('authorization') ?? '' })
      const other = intercepted(method, url.pathname)
      if (other !== undefined) return other
      for (const [verb, path, answer] of endpoints) {
        const match = verb === method ? path.exec(url.pathname) : null
        if (match !== null) return answer(stored, { match, body, url, newId: () => ids++ })
      }
      return notFound()
    },
  }
}
