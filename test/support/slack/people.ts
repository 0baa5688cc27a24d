/** People who use the fake Slack. */
export interface Person {
  readonly id: string
  readonly name: string
}

export const ann: Person = { id: 'U0ANN', name: 'ann' }
export const bob: Person = { id: 'U0BOB', name: 'bob' }
export const eve: Person = { id: 'U0EVE', name: 'eve' }
