/** What is wrong with the words that a person typed after a command, before any value is checked. text/typing-slip.ts has the sentences. */
export type TypingSlip =
  | { readonly kind: 'too-long'; readonly length: number; readonly maxLength: number }
  | { readonly kind: 'unclosed-quote'; readonly quote: string }
  /** `word`: as it was typed, with its dashes. */
  | { readonly kind: 'given-twice'; readonly word: string }
  /** It names a declared parameter, and no value follows. */
  | { readonly kind: 'no-value'; readonly word: string; readonly name: string }
  /** `dataset:sales`, where `dataset` is declared. */
  | { readonly kind: 'colon'; readonly dashes: string; readonly name: string; readonly value: string }
  /** It begins with a dash and is no declared parameter, at least not with these dashes. `name`: what follows them. */
  | { readonly kind: 'unknown-option'; readonly word: string; readonly name: string; readonly hasValue: boolean }
