// Tests the links of many messages, which need one call of Slack.
import { expect, it } from 'vitest';
import { withPermalinks } from '../../../slack/messages/permalink.ts';
import { approval } from '../../support/approvals.ts';
import { partialSlack } from '../../support/partial-slack.ts';

const messages = ['1.000001', '2.000002', '3.000003'].map((ts) => approval({ ts }));
const unposted = approval({ execution: 'unposted' });

async function links(permalinkOf: (ts: string) => string | undefined) {
  const asked: string[] = [];
  const getPermalink = async ({ message_ts: ts }: { message_ts: string }) => {
    asked.push(ts);
    const permalink = permalinkOf(ts);
    if (permalink === undefined) throw new Error('message_not_found');
    return { permalink };
  };
  const found = await withPermalinks([unposted, ...messages], partialSlack({ chat: { getPermalink } }));
  return { asked, found: found.map(({ permalink }) => permalink) };
}

const START = 'https://example.slack.com/archives/C0TRADING/p';

it('asks for one link, and makes those of the other messages of it', async () => {
  expect(await links((ts) => `${START}${ts.replace('.', '')}`)).toEqual({
    asked: ['1.000001'],
    found: [undefined, `${START}1000001`, `${START}2000002`, `${START}3000003`],
  });
});

it('asks for the next link if a message was deleted', async () => {
  const { asked, found } = await links((ts) =>
    ts === '1.000001' ? undefined : `${START}${ts.replace('.', '')}`,
  );
  expect(asked).toEqual(['1.000001', '2.000002']);
  expect(found.at(-1)).toBe(`${START}3000003`);
});

it('has no links if those of Slack have another form', async () => {
  expect((await links(() => 'https://example.slack.com/other')).found).toEqual(Array(4).fill(undefined));
});
