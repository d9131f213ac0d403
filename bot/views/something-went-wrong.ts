// What a person hears, privately, when something broke on our side. The bot's error handler sends it.

export function somethingWentWrong(reference: string): string {
  return `:warning: Something went wrong, and what you pressed or typed may not have happened. Try once more; if it stays so, tell your operator the reference \`${reference}\`.`;
}
