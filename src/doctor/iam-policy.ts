/** As much of an IAM policy document as doctor reads. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>
  readonly Action?: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface Document {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[]
}

export const statementsOf = ({ Statement = [] }: Document): PolicyStatement[] =>
  [Statement].flat().filter((statement): statement is PolicyStatement => statement !== undefined)

/** Allows something to everybody. */
export const isOpen = ({ Effect, Principal }: PolicyStatement): boolean =>
  Effect === 'Allow' && (Principal === '*' || (typeof Principal === 'object' && [Principal.AWS].flat().includes('*')))

/** Whether a service is among those whom a document allows something. */
export const trusts = (document: Document, service: string): boolean =>
  statementsOf(document).some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' && typeof Principal === 'object' && [Principal.Service].flat().includes(service),
  )
