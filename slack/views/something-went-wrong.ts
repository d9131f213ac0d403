// The private answers after an error in the bot. `bot/answer-errors.ts` sends them.

export function somethingWentWrong(reference: string): string {
  return `:warning: Something went wrong, and what you pressed or typed may not have happened. Try once more; if it stays so, tell your operator the reference \`${reference}\`.`;
}

/** For a vote that is recorded but that the message may not show yet. */
export function messageNotSynced(reference: string): string {
  return `:warning: What you did is recorded, but the message could not be brought up to date just now; it will be soon. If it stays so, tell your operator the reference \`${reference}\`.`;
}
