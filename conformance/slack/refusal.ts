// Slack's reasons for refusing a message or a view. `run-slack.ts` calls it.
import { ErrorCode } from '@slack/web-api';

interface PlatformError {
  readonly code?: string;
  readonly data?: {
    readonly error: string;
    readonly response_metadata?: { readonly messages?: readonly string[] };
  };
}

/** Rethrows the error if Slack did not answer. */
export function refusalOf(error: unknown): readonly string[] {
  const { code, data }: PlatformError = Object(error);
  if (code !== ErrorCode.PlatformError || !data) throw error;
  return [`refused: ${data.error}`, ...(data.response_metadata?.messages ?? [])];
}
