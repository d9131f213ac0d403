// What a person hears, privately, when something broke on our side. The bot's error handler sends it.

export function somethingWentWrong(reference: string): string {
  return `:warning: Something went wrong, and what you pressed or typed may not have happened. Try once more; if it stays so, tell your operator the reference \`${reference}\`.`;
}

/** What the person did is recorded; only the message may be behind. */
export function messageNotSynced(reference: string): string {
  return `:warning: What you did is recorded, but the message could not be brought up to date just now; it will be soon. If it stays so, tell your operator the reference \`${reference}\`.`;
}
