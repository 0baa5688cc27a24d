/** An error as the API answers it: `{"__type": …, "message": …}` and a status. The SDK makes an exception of that name out of it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly type: string
  readonly status: number
  /** Further members of the error's body, as a ConflictException's `resourceIds`. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(type: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.type = type
    this.status = status
    this.members = members
  }
}

export const invalidParameter = (message: string): ApiError => new ApiError('InvalidParameterException', message)
