/** @param max characters, including the `…` at the end of a text that is cut */
export const cutText = (text: string, max: number): string =>
  // A cut inside a surrogate pair would leave half of a character.
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`
