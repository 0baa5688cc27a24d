/** The parts of an IAM policy document that doctor reads. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface PolicyDocument {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[]
}

export const statementsOf = ({ Statement = [] }: PolicyDocument): PolicyStatement[] =>
  [Statement].flat().filter((statement): statement is PolicyStatement => statement !== undefined)

/** Whether a statement allows something to everyone. */
export const isPublic = ({ Effect, Principal }: PolicyStatement): boolean =>
  Effect === 'Allow' && (Principal === '*' || (typeof Principal === 'object' && [Principal.AWS].flat().includes('*')))

/** Whether a document allows something to an AWS service, for example `ecs-tasks.amazonaws.com`. */
export const allowsService = (document: PolicyDocument, service: string): boolean =>
  statementsOf(document).some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' && typeof Principal === 'object' && [Principal.Service].flat().includes(service),
  )
