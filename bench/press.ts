// The measured press: Ben approves a request that needs one approval, with the full payload that Slack sends. The bench
// sends the event, and the stub answers with the stored approval.
import { createHmac } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Approval } from '../domain/approval.ts';
import { approvalMessage } from '../slack/views/approval-message.ts';
import { decisionActions } from '../slack/views/decision-button.ts';
import { decisionValue } from '../slack/views/approval-value.ts';

export const secret = { botToken: 'xoxb-bench', signingSecret: 'bench-signing-secret' } as const;

const TS = '1793613601.000100';
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

/** As long as a task token of Step Functions. */
export const taskToken = 'AQC8AAAAKgAAAAMAAAAA'.repeat(32);

export function pending(): Approval {
  return {
    execution: 'AMZN-3f9c0b7a1d2e',
    id: 'approval-00c0ffee00c0ffee',
    status: 'pending',
    request: {
      title: 'Buy 10 AMZN',
      amount: 1_822,
      facts: [{ label: 'Price', value: 'USD 182.20', at: minutesFromNow(-2) }],
      reason: "1.40 % below the last hour's average.",
      requester: 'U0ANA',
    },
    requester: 'U0ANA',
    requesters: ['U0ANA'],
    policy: { approvals: 1, approvers: ['U0BEN', 'U0CHLOE'] },
    effectiveApprovers: ['U0BEN', 'U0CHLOE'],
    approversResolvedAt: minutesFromNow(-1),
    delegateFor: {},
    away: [],
    votes: {},
    outstanding: 1,
    pressedAt: {},
    history: [],
    confirm: false,
    escalationSchedule: {
      reminder: minutesFromNow(5),
      escalation: minutesFromNow(8),
      escalateTo: ['U0DANA'],
    },
    escalationSteps: {},
    executionArn: 'arn:aws:states:us-east-1:000000000000:execution:bench:AMZN-3f9c0b7a1d2e',
    attempt: 0,
    channel: 'C0TRADING',
    askedAt: minutesFromNow(-2),
    deadline: minutesFromNow(13),
    ts: TS,
    shownRevision: 1,
    revision: 1,
  };
}

/** The stored item after the conditional write, including the task token. */
export function approvedItem(): object {
  const at = new Date().toISOString();
  const by = 'U0BEN';
  const approved: Approval = {
    ...pending(),
    status: 'approved',
    votes: { [by]: { at } },
    outstanding: 0,
    history: [{ action: 'approved', by, at }],
    decision: { outcome: 'approved', by, at },
    revision: 2,
  };
  const kept = { ...approved, open: 'yes', decidedIn: at.slice(0, 7), decidedAt: at, taskToken };
  return marshall(kept, { removeUndefinedValues: true });
}

/** The event that a Function URL sends: payload format 2.0, with the form in base64. */
export function pressEvent(): object {
  const payload = JSON.stringify(blockActions(pending()));
  const form = new URLSearchParams({ payload }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', secret.signingSecret).update(`v0:${timestamp}:${form}`).digest('hex');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
    requestContext: { http: { method: 'POST', path: '/', protocol: 'HTTP/1.1' }, requestId: 'bench' },
    body: Buffer.from(form).toString('base64'),
    isBase64Encoded: true,
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function blockActions(approval: Approval): object {
  const message = approvalMessage(approval);
  return {
    type: 'block_actions',
    user: { id: 'U0BEN', username: 'ben', name: 'ben', team_id: 'T0BENCH' },
    api_app_id: 'A0BENCH',
    token: 'deprecated',
    container: { type: 'message', message_ts: TS, channel_id: approval.channel, is_ephemeral: false },
    trigger_id: '1793613602.000100.bench',
    team: { id: 'T0BENCH', domain: 'bench' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: approval.channel, name: 'trading' },
    message: {
      type: 'message',
      user: 'U0BOT',
      bot_id: 'B0BOT',
      app_id: 'A0BENCH',
      ts: TS,
      team: 'T0BENCH',
      ...message,
    },
    state: { values: {} },
    response_url: 'https://hooks.slack.com/actions/T0BENCH/1/bench',
    actions: [
      {
        type: 'button',
        action_id: decisionActions.approved,
        block_id: 'b1',
        text: { type: 'plain_text', text: 'Approve', emoji: true },
        value: decisionValue(approval),
        style: 'primary',
        action_ts: '1793613602.000200',
      },
    ],
  };
}
