/** What `taskhook send` and `explain` can set in a sample delivery. */
export interface SampleOptions {
  /** Slack, and comments on GitHub: the text after the command. */
  readonly text?: string
  /** The body of the request, as it is. */
  readonly data?: string
  /** GitHub: the name of the event. */
  readonly event?: string
  readonly command?: string
  /** The Slack user id or GitHub login of the person who sends it. Default: a person whom the first route allows. */
  readonly user?: string
}
