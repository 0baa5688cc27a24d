/** Which address of the function URL a request is for. */
import { TaskhookError } from '../errors.ts'
import type { HttpRequest } from '../model/http-request.ts'

type Addressed = Pick<HttpRequest, 'path'>

export const isRunRequest = ({ path }: Addressed): boolean => /^\/runs(\/|$)/.test(path)

/** `slack` of `/slack`. There may be no such source. */
export const sourceNameOf = ({ path }: Addressed): string => path.replace(/^\/|\/$/g, '')

export const noSuchAddress = (): TaskhookError => new TaskhookError('not-found', 'there is nothing at this address')
