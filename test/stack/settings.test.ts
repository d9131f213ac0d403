import { App } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { readSettings } from '../../stack/settings.ts';

const good = {
  stage: 'dev',
  channel: 'C0TRADING',
  approvers: 'U0BEN,S0TRADERS',
  confirmFromUsd: 10_000,
  symbols: 'AMZN, BRK.B',
  defaultQuantity: '10',
  approvalTimeoutSeconds: 900,
  slackApiUrl: 'https://slack.com/api/',
};

const read = (context: object) => readSettings(new App({ context: { ...good, ...context } }).node);

it('reads what cdk.json or -c name=value gives', () => {
  expect(read({})).toEqual({
    ...good,
    approvers: ['U0BEN', 'S0TRADERS'],
    symbols: ['AMZN', 'BRK.B'],
    defaultQuantity: 10,
  });
});

it.each<[object, RegExp]>([
  [
    { stage: 'Dev Stage' },
    /"stage" must be a short name in lower case, such as dev; it is "Dev Stage"\. Mend it in cdk\.json, or give it with -c stage=…/,
  ],
  [{ channel: '#trading' }, /"channel" must be a Slack channel's id, such as C0TRADING; it is "#trading"/],
  [{ approvers: '@ben' }, /"approvers" must be ids of Slack users or user groups/],
  [{ approvers: '' }, /"approvers"/],
  [{ confirmFromUsd: -1 }, /"confirmFromUsd"/],
  [{ symbols: '' }, /"symbols" must be symbols in capitals/],
  [{ symbols: 'AMZN,AMZN' }, /each once/],
  [{ symbols: 'amzn' }, /"symbols"/],
  [{ defaultQuantity: 1.5 }, /"defaultQuantity" must be a whole number from 1 to 1000000; it is 1.5/],
  [{ defaultQuantity: 'ten' }, /"defaultQuantity"/],
  [{ approvalTimeoutSeconds: 5 }, /"approvalTimeoutSeconds" must be a whole number from 30 to/],
  [{ approvalTimeoutSeconds: 40_000_000 }, /"approvalTimeoutSeconds"/],
  [{ symbol: 'AMZN' }, /There is no setting "symbol"\. There are: stage, channel,/],
  [{ defaultQuantity: '0x10' }, /"defaultQuantity"/],
  [{ slackApiUrl: 'http://slack.com/api/' }, /"slackApiUrl"/],
  [{ slackApiUrl: 'slack.com' }, /"slackApiUrl" must be an address ending in \//],
  [{ channel: undefined }, /it is not set/],
])('refuses %o, naming the setting and how to mend it', (context, message) => {
  expect(() => read(context)).toThrow(message);
});
