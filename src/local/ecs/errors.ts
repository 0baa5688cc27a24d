/** An error response of the API: a status and `{"__type": …, "message": …}`. The SDK throws an exception with that name. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly type: string
  readonly status: number
  /** Further members of the body, such as `resourceIds` of a ConflictException. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(type: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.type = type
    this.status = status
    this.members = members
  }
}

export const invalidParameter = (message: string): ApiError => new ApiError('InvalidParameterException', message)
