import { describe, expect, it } from 'vitest';
import { resubmittedAnswer, notResubmitted } from '../../../slack/views/resubmit-answers.ts';
import { decisionMayBeLate, refusalMessage, unknownApproval } from '../../../slack/views/decision-refused.ts';
import type { Ineligibility } from '../../../domain/ineligibility.ts';
import type { Refusal, VoteAction } from '../../../domain/votes.ts';
import { approval, approvalOfTwo } from '../../support/approvals.ts';
import { approvalIn } from '../../support/approval-states.ts';

describe('refused decisions', () => {
  it('say why nothing was decided and what the status is', () => {
    expect(refusalMessage('decided', 'approve', approvalIn('filled'))).toMatchInlineSnapshot(
      `"Already decided. Filled: *Buy 10 AMZN, total USD 1,840.50*. Approved by <@U0BEN> at <!date^1793613900^{time} {date_short_pretty}|2026-11-02 10:05 UTC>. Bought 10 AMZN at USD 182.22, total USD 1,822.20. Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps)."`,
    );
    expect(refusalMessage('past_deadline', 'approve', approval())).toMatchInlineSnapshot(
      `"Your press came too late, and nothing was decided: the time for *Buy 10 AMZN, total USD 1,822.00* is over. Once it has expired you can resubmit it from its message."`,
    );
    expect(refusalMessage('closed', 'approve', approvalIn('expired'))).toMatchInlineSnapshot(
      `"Nothing changed. Expired: *Buy 10 AMZN, total USD 1,822.00*. Nobody decided in time. Nothing was done."`,
    );
    expect(unknownApproval).toMatchInlineSnapshot(
      `"Nothing was decided: this app has no record of this request. It may still wait elsewhere, so ask your operator before you request it again."`,
    );
  });

  it.each<[Refusal, VoteAction, Ineligibility?]>([
    ['own_request', 'approve'],
    ['already_voted', 'approve'],
    ['no_vote', 'undo'],
    ['not_an_approver', 'approve'],
    ['not_an_approver', 'decline', 'foreign'],
    ['not_an_approver', 'approve', 'deactivated'],
    ['not_an_approver', 'approve', 'bot'],
    ['not_an_approver', 'approve', 'unknown'],
    ['stale_membership', 'approve'],
    ['terms_changed', 'approve'],
    ['conflict', 'approve'],
  ])('explain the refusal “%s” of the action %s (%s)', (refusal, action, ineligibility) => {
    const votes = { U0BEN: { at: '2026-11-02T10:04:00.000Z' } };
    const half = approvalOfTwo({ votes, outstanding: 1 });
    expect(refusalMessage(refusal, action, half, { ineligibility })).toMatchSnapshot();
  });

  it('say that the execution may not have received a recorded decision', () => {
    expect(decisionMayBeLate(approval())).toMatchInlineSnapshot(
      `"Your decision on *Buy 10 AMZN, total USD 1,822.00* is recorded, but it may have come too late to take effect. The result will be in the thread."`,
    );
  });

  it('say what came of a resubmission', () => {
    expect(resubmittedAnswer(approval())).toMatchInlineSnapshot(
      `"Resubmitted: the new request may differ from *Buy 10 AMZN, total USD 1,822.00*."`,
    );
    expect(notResubmitted(approvalIn('expired, asked again'))).toMatchInlineSnapshot(
      `"<@U0ANA> already resubmitted this; see the newer message in the channel."`,
    );
    expect(notResubmitted(approvalIn('filled'))).toMatchInlineSnapshot(
      `"This cannot be resubmitted. Filled: *Buy 10 AMZN, total USD 1,840.50*. Approved by <@U0BEN> at <!date^1793613900^{time} {date_short_pretty}|2026-11-02 10:05 UTC>. Bought 10 AMZN at USD 182.22, total USD 1,822.20. Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps)."`,
    );
    expect(notResubmitted(undefined)).toMatchInlineSnapshot(
      `"Nothing was asked: this app has no record of this request. It may still wait elsewhere, so ask your operator."`,
    );
  });
});
