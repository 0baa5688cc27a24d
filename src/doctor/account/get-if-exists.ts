/** Distinguishes "there is no such resource" from "AWS gave no answer". */

/** AWS gave no answer, for example because a permission or the connection is missing. */
export class AwsRequestFailed extends Error {
  override readonly name = 'AwsRequestFailed'
}

/** The services' error names for a resource that does not exist. */
const notFound =
  /^(ResourceNotFoundException|NoSuchEntity(Exception)?|QueueDoesNotExist|ClusterNotFoundException|AWS\.SimpleQueueService\.NonExistentQueue)$/

/**
 * @returns undefined if the resource does not exist
 * @throws {AwsRequestFailed} if AWS gives no answer, with its reason
 */
export async function getIfExists<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    // ECS answers ClientException for a task definition that does not exist; only the text says so.
    if (notFound.test(name) || /Unable to describe task definition/.test(message)) return undefined
    throw new AwsRequestFailed(`${name}: ${message.split('\n', 1)[0]}`, { cause: error })
  }
}
