// Tests that `npm run demo` prints what a person would see in Slack.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('prints what people type, see and press, without the codes of messages', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['local/demo.ts']);

  expect(stdout).not.toMatch(/\*\w|<[@!#h]|&(amp|lt|gt);|:[a-z_]+:|[{}"`]/);
  for (const line of [
    'Ana types /trade AMZN 10',
    '#trading shows:',
    /⏳ Pending: (Buy|Sell) 10 AMZN\n/,
    /Requested by: @Ana\n/,
    / \[Approve\] \[Decline\]\n/,
    /Ben presses Approve USD\s[\d,]+, and confirms\n/,
    /1 of 2 approvals: @Ben at \d{1,2}:\d\d [AP]M/,
    'Chloe enters Reason: Not before earnings, and presses Decline',
    'Declined by @Chloe at ',
    'All five requests ended as expected.',
  ])
    expect(stdout).toMatch(line);
});
