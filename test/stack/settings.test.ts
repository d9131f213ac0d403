import { App, Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../stack/trading/settings.ts';

const good = {
  stage: 'dev',
  channel: 'C0TRADING',
  approvers: 'U0BEN,S0TRADERS',
  tiers: [
    { upToUsd: 1_000, approvals: 1 },
    { upToUsd: 50_000, approvals: 2, approvers: 'U0BEN, S0RISK' },
  ],
  confirmFromUsd: 10_000,
  remindAtPercent: 50,
  escalateAtPercent: 75,
  escalateTo: '',
  broadcast: 'done,partly,unfilled,halted,failed',
  guests: 'none',
  delegates: 'approvers',
  maxDelegationDays: 30,
  maxRequestsPerHour: 30,
  startedOutsideSlack: 'one-more-approval',
  auditRetentionMode: 'governance',
  auditRetentionDays: 2_557,
  auditLegalHold: 'off',
  symbols: 'AMZN, BRK.B',
  defaultQuantity: '10',
  restricted: '',
  priceBandPercent: 1,
  workSeconds: 300,
  approvalTimeoutSeconds: 900,
  invokeMode: 'RESPONSE_STREAM',
  botConcurrency: 0,
  slackApiUrl: 'https://slack.com/api/',
  kmsKeyArn: '',
  tags: {},
  tracing: 'off',
};

const read = (context: object) => readSettings(new App({ context: { ...good, ...context } }).node);

describe('settings', () => {
  it('are read from cdk.json or -c name=value', () => {
    const {
      channel,
      approvers: _approvers,
      tiers: _tiers,
      confirmFromUsd,
      remindAtPercent,
      escalateAtPercent: _escalateAtPercent,
      escalateTo: _escalateTo,
      broadcast: _broadcast,
      approvalTimeoutSeconds,
      delegates,
      ...ofStage
    } = good;
    expect(read({})).toEqual({
      ...ofStage,
      policies: {
        default: {
          channel,
          approvers: ['U0BEN', 'S0TRADERS'],
          tiers: [
            { upToUsd: 1_000, approvals: 1 },
            { upToUsd: 50_000, approvals: 2, approvers: ['U0BEN', 'S0RISK'] },
          ],
          confirmFromUsd,
          remindAtPercent,
          escalateAtPercent: 0,
          escalateTo: [],
          broadcast: ['done', 'partly', 'unfilled', 'halted', 'failed'],
          timeout: Duration.seconds(approvalTimeoutSeconds),
          delegates,
        },
      },
      symbols: ['AMZN', 'BRK.B'],
      defaultQuantity: 10,
      restricted: [],
      priceBandPercent: 1,
      workSeconds: 300,
    });
  });

  it.each(['1234abcd-12ab-34cd-56ef-1234567890ab', 'mrk-1234abcd12ab34cd56ef1234567890ab'])(
    'may name the KMS key %s',
    (id) => {
      const kmsKeyArn = `arn:aws:kms:eu-central-1:111122223333:key/${id}`;
      expect(read({ kmsKeyArn }).kmsKeyArn).toBe(kmsKeyArn);
    },
  );

  it('may restrict symbols, and have a price band with two decimals', () => {
    const { restricted, priceBandPercent } = read({ restricted: 'NVDA, TSLA', priceBandPercent: '0.25' });
    expect({ restricted, priceBandPercent }).toEqual({
      restricted: ['NVDA', 'TSLA'],
      priceBandPercent: 0.25,
    });
  });

  it.each([1, 28_800])('may let an order work for %d seconds', (workSeconds) => {
    expect(read({ workSeconds: String(workSeconds) }).workSeconds).toBe(workSeconds);
  });

  it.each([0, 28_801, '5m'])('may not let an order work for %s seconds', (workSeconds) => {
    expect(() => read({ workSeconds })).toThrow(/"workSeconds" must be a whole number from 1 to 28800/);
  });

  it('may contain the tiers as JSON text, as the command line passes them', () => {
    expect(read({ tiers: JSON.stringify(good.tiers) }).policies).toEqual(read({}).policies);
  });

  it.each<[object, RegExp]>([
    [
      { stage: 'Dev Stage' },
      /"stage" must be a short name in lower case, such as dev; it is "Dev Stage"\. Fix it in `cdk\.json`, in `SETTINGS` in `\.env`, or pass `-c stage=…`\./,
    ],
    [
      { channel: '#trading' },
      /"channel" must be a Slack channel's id, such as C0123456789; it is "#trading"/,
    ],
    [{ approvers: '@ben' }, /"approvers" must be a comma-separated list of Slack user or user group ids/],
    [{ approvers: '' }, /"approvers"/],
    [{ tiers: 'two' }, /"tiers" is not valid JSON, for example \[\{.*Fix it in `cdk\.json`/],
    [{ tiers: [] }, /"tiers" must be a list of 1 to 10 tiers/],
    [{ tiers: undefined }, /"tiers" must be a list/],
    [{ tiers: [7] }, /"tiers" is invalid: tier 1 is not an object/],
    [{ tiers: [{ upTo: 5, approvals: 1 }] }, /tier 1 has an unknown property "upTo"/],
    [
      { tiers: [{ upToUsd: 0, approvals: 1 }] },
      /tier 1 needs an "upToUsd" that is a number of USD from above 0/,
    ],
    [{ tiers: [{ upToUsd: 5, approvals: 1.5 }] }, /tier 1 needs an "approvals" that is a whole number/],
    [
      { tiers: [{ upToUsd: 5, approvals: 1, approvers: '@ben' }] },
      /tier 1 needs "approvers" that are comma-separated user or user group ids/,
    ],
    [
      {
        tiers: [
          { upToUsd: 5_000, approvals: 1 },
          { upToUsd: 5_000, approvals: 2 },
        ],
      },
      /must be sorted by amount: tier 2 is up to USD 5000, but the tier before it is up to USD 5000/,
    ],
    [
      { approvers: 'U0BEN,U0CHLOE', tiers: [{ upToUsd: 5, approvals: 3 }] },
      /requires 3 approvals in tier 1, but only U0BEN, U0CHLOE may approve; name more approvers/,
    ],
    [
      { approvers: 'U0BEN,U0CHLOE', tiers: [{ upToUsd: 5, approvals: 2 }] },
      /requires all of U0BEN, U0CHLOE to approve in tier 1, so a request by one of them could never be approved/,
    ],
    [{ confirmFromUsd: -1 }, /"confirmFromUsd"/],
    [{ guests: 'all' }, /"guests" must be none or full or single-channel; it is "all"/],
    [{ delegates: '@ben' }, /"delegates" must be approvers, none, anyone, or a comma-separated list/],
    [{ maxDelegationDays: 0 }, /"maxDelegationDays" must be a whole number from 1 to 365/],
    [{ auditRetentionMode: 'none' }, /"auditRetentionMode" must be governance or compliance; it is "none"/],
    [{ auditRetentionDays: 0 }, /"auditRetentionDays" must be a whole number from 1 to 36500/],
    [{ auditLegalHold: true }, /"auditLegalHold" must be off or on; it is true/],
    [{ remindAtPercent: 100 }, /"remindAtPercent" must be a whole number from 0 to 99/],
    [{ escalateAtPercent: -1 }, /"escalateAtPercent"/],
    [{ escalateTo: 'boss' }, /"escalateTo" must be a comma-separated list of Slack user/],
    [
      { broadcast: 'won' },
      /"broadcast" must be a comma-separated list of done, partly, unfilled, declined, expired, refused, halted, failed, cancelled/,
    ],
    [{ symbols: '' }, /"symbols" must be a comma-separated list of symbols in capitals/],
    [{ symbols: 'AMZN,AMZN' }, /without duplicates/],
    [{ symbols: 'amzn' }, /"symbols"/],
    [{ defaultQuantity: 1.5 }, /"defaultQuantity" must be a whole number from 1 to 1000000; it is 1.5/],
    [{ defaultQuantity: 'ten' }, /"defaultQuantity"/],
    [{ restricted: 'nvda' }, /"restricted" must be empty or a comma-separated list of symbols in capitals/],
    [{ restricted: 'NVDA,NVDA' }, /"restricted"/],
    [{ restricted: undefined }, /"restricted" .* it is not set/],
    [
      { priceBandPercent: 0 },
      /"priceBandPercent" must be a percentage above 0 and at most 4, such as 0\.5; it is 0\./,
    ],
    [{ priceBandPercent: 4.01 }, /"priceBandPercent"/],
    [{ priceBandPercent: '0.125' }, /"priceBandPercent"/],
    [{ priceBandPercent: '-1' }, /"priceBandPercent"/],
    [{ approvalTimeoutSeconds: 5 }, /"approvalTimeoutSeconds" must be a whole number from 30 to/],
    [{ approvalTimeoutSeconds: 40_000_000 }, /"approvalTimeoutSeconds"/],
    [{ symbol: 'AMZN' }, /There is no setting "symbol"\. The settings are: stage, channel,/],
    [{ defaultQuantity: '0x10' }, /"defaultQuantity"/],
    [{ slackApiUrl: 'http://slack.com/api/' }, /"slackApiUrl"/],
    [{ slackApiUrl: 'slack.com' }, /"slackApiUrl" must be an address of slack\.com or slack-gov\.com/],
    [{ slackApiUrl: 'http://127.0.0.1:1@evil.example/' }, /"slackApiUrl"/],
    [{ slackApiUrl: 'https://slack.com.evil.example/api/' }, /"slackApiUrl"/],
    [{ slackApiUrl: 'https://slack.com@evil.example/' }, /"slackApiUrl"/],
    [{ slackApiUrl: 'https://evilslack.com/' }, /"slackApiUrl"/],
    [{ channel: undefined }, /it is not set/],
    [
      { kmsKeyArn: 'alias/trading' },
      /"kmsKeyArn" must be the ARN of a KMS key such as arn:aws:kms:.*, or empty/,
    ],
    [{ kmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd' }, /"kmsKeyArn"/],
    [
      { '@aws-cdk/core:permissionsBoundary': '{"name":"developers"}' },
      /"@aws-cdk\/core:permissionsBoundary" must be an object in `cdk\.json`, such as .* CDK ignores a string\./,
    ],
    [{ kmsKeyArn: undefined }, /"kmsKeyArn" must be .*; it is not set/],
    [{ tags: { 'aws:team': 'trading' } }, /"tags" must be at most 49 tags such as \{"team": "payments"\}/],
    [{ tags: { 'countersign:stage': 'prod' } }, /"tags" must be .* no name that begins with aws: or is/],
    [{ tags: { 'Countersign:Stage': 'prod' } }, /"tags" must be .* or is countersign:stage,/],
    // A role with these tags makes the deployment fail.
    [{ tags: { Team: 'a', team: 'b' } }, /"tags" must be .* and no two names that differ only in case/],
    [{ tags: { team: 7 } }, /"tags"/],
    [{ tags: { team: 'a'.repeat(257) } }, /"tags"/],
    [{ tags: { ['a'.repeat(129)]: 'x' } }, /"tags"/],
    [{ tags: { team: 'a*b' } }, /"tags"/],
    [{ tags: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`tag${at}`, 'x'])) }, /"tags"/],
    [{ tags: 'team=trading' }, /"tags" must be .*; it is "team=trading"/],
    [{ tags: ['team'] }, /"tags"/],
    [{ tracing: true }, /"tracing" must be off or on; it is true/],
    [{ botConcurrency: -1 }, /"botConcurrency" must be a whole number from 0 to 10000/],
  ])('%o are rejected, with the name of the setting and how to fix it', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});
