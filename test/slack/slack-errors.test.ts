// Tests what Slack's errors mean for a caller, and that the operating guide explains every error that needs an operator.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifyError } from '../../functions/classify-error.ts';
import { OPERATOR_OF_APP, OPERATOR_OF_CALL } from '../../slack/error-codes.ts';
import {
  classOf,
  definitelyNotExecuted,
  failureFields,
  isOutage,
  isUnreachable,
} from '../../slack/slack-errors.ts';

/** An error as Slack's client throws it. */
function refused(error: string): Error {
  return Object.assign(new Error(`An API error occurred: ${error}`), {
    code: 'slack_webapi_platform_error',
    data: { ok: false, error },
  });
}

describe('an error of Slack', () => {
  it.each([
    'internal_error',
    'fatal_error',
    'org_login_required',
    'team_added_to_org',
    'update_failed',
    'external_channel_migrating',
    'streaming_state_conflict',
    'an_error_that_slack_added_yesterday',
  ])('waits, and may have been executed: %s', (code) => {
    const error = refused(code);
    expect(classOf(error)).toBe('wait');
    expect(isOutage(error)).toBe(true);
    expect(classifyError(error)).toEqual({ kind: 'outage' });
    expect(definitelyNotExecuted(error)).toBe(false);
    expect(isUnreachable(error)).toBe(false);
    expect(failureFields(error)).not.toHaveProperty('remedy');
  });

  it.each([
    'message_not_found',
    'user_not_found',
    'user_disabled',
    'cant_update_message',
    'thread_not_found',
  ])('is final: %s', (code) => {
    const error = refused(code);
    expect(classOf(error)).toBe('final');
    expect(classifyError(error)).toEqual({ kind: 'fail' });
    expect(definitelyNotExecuted(error)).toBe(true);
    expect(isUnreachable(error)).toBe(true);
    expect(failureFields(error)).not.toHaveProperty('remedy');
  });

  it.each(['token_expired', 'ekm_access_denied', 'access_denied', 'missing_scope', 'account_inactive'])(
    'needs an operator before any call succeeds: %s',
    (code) => {
      const error = refused(code);
      expect(classOf(error)).toBe('operator');
      expect(isUnreachable(error)).toBe(false);
      expect(definitelyNotExecuted(error)).toBe(true);
      expect(failureFields(error)['remedy']).toMatch(/\.$/);
    },
  );

  it.each(['is_archived', 'not_in_channel', 'no_permission', 'team_not_found', 'restricted_action'])(
    'needs an operator before this call succeeds: %s',
    (code) => {
      const error = refused(code);
      expect(classOf(error)).toBe('operator');
      expect(isUnreachable(error)).toBe(true);
      expect(failureFields(error)['remedy']).toMatch(/\.$/);
    },
  );

  it.each(['ratelimited', 'rate_limited'])('is a rate limit, wherever Slack says so: %s', (code) => {
    expect(classOf(refused(code))).toBeUndefined();
    expect(classifyError(refused(code))).toEqual({ kind: 'retry', afterSeconds: 30 });
    expect(definitelyNotExecuted(refused(code))).toBe(true);
  });

  it.each([...OPERATOR_OF_APP, ...OPERATOR_OF_CALL])(
    'is explained in the operating guide: %s',
    (code, remedy) => {
      const guide = readFileSync('docs/operations/runbook.md', 'utf8').split('\n');
      const row = guide.find((line) => line.startsWith('| ') && line.includes(`\`${code}\``));
      expect(row).toContain(remedy);
    },
  );
});
