/** The actions of dynalite, without its HTTP server. */
declare module 'dynalite/actions/*.js' {
  type Done = (error: (Error & { readonly body?: { readonly __type: string } }) | null, answer?: unknown) => void
  export default function action(store: unknown, data: Record<string, unknown>, done: Done): void
}
declare module 'dynalite/validations/index.js' {
  /** Parses the expressions of a request, and adds the result to it. @returns an error message */
  export function validateExpressions(data: Record<string, unknown>): string | undefined
}
