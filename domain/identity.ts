// The name, the e-mail address and the time zone of a person, as Slack shows them at one time. `slack/identities.ts`
// reads them from Slack. The audit keeps the name and the address, and the settings of the person keep the time zone.
import { isTimeZone } from './local-day.ts';

export interface Identity {
  /** Full name. Absent if Slack returned none. */
  readonly name?: string;
  /** E-mail address. Absent if Slack returned none. */
  readonly email?: string;
  /** Name of the person's time zone, such as `Australia/Sydney`. Absent if Slack returned none that is known here. */
  readonly timeZone?: string;
}

/** Names and addresses are cut to this length, in UTF-16 units. An address has at most 254 characters. */
const MAX_LENGTH = 254;

/**
 * Creates an identity from text that people typed into their profiles. Each value becomes one line without control
 * characters, so that it cannot imitate further lines or columns of the audit.
 */
export function createIdentity(
  name: string | undefined,
  email: string | undefined,
  timeZone?: string,
): Identity {
  const line = { name: onOneLine(name ?? ''), email: onOneLine(email ?? '') };
  return {
    ...(line.name && { name: line.name }),
    ...(line.email && { email: line.email }),
    ...(timeZone && isTimeZone(timeZone) && { timeZone }),
  };
}

function onOneLine(text: string): string {
  return (
    text
      .slice(0, MAX_LENGTH)
      .toWellFormed()
      // Characters that change the writing direction could make one name look like another.
      .replaceAll(/[\u061C\u202A-\u202E\u2066-\u2069\u200E\u200F]/g, '')
      // Control characters, line breaks and all other white space.
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim()
  );
}
