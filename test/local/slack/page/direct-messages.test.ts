// Tests the direct messages of the app on the page: their place beside the channel, their names, and their files.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decision, openPage, useBrowser } from '../../../support/open-page.ts';
import type { OpenPage } from '../../../support/open-page.ts';
import { lastForm } from '../../../support/start-tiny-app.ts';

useBrowser();

const scopes = ['chat:write', 'commands', 'im:write', 'files:write'];
const entry = ({ page }: OpenPage, name: string) =>
  page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name });

async function write({ client }: OpenPage, person: string, text: string, fields: object = {}) {
  const sent = await client.apiCall('chat.postMessage', { channel: person, text, ...fields });
  if (!('ts' in sent && 'channel' in sent)) throw new Error('nothing was posted');
  return { ts: String(sent.ts), channel: String(sent.channel) };
}

describe('direct messages on the page', () => {
  it('are counted beside the channel, and their buttons can be pressed', async () => {
    const open = await openPage({ scopes });
    const { page, app, slack } = open;
    const main = page.getByRole('main');
    await write(open, 'U0BEN', 'Not for Ana');
    const { ts, channel } = await write(open, 'U0ANA', 'Buy 10 AMZN?', { blocks: [decision()] });
    await entry(open, 'Countersign').getByText('1 new').waitFor();
    expect(await page.title()).toBe('(1) #trading · Local Slack');
    expect(await entry(open, '# trading').getAttribute('aria-current')).toBe('true');

    await entry(open, 'Countersign').press('Enter');
    await main.getByRole('heading', { name: 'Countersign' }).waitFor();
    await main.getByRole('button', { name: 'Approve' }).click();

    await expect.poll(() => app.received.length).toBe(1);
    expect(JSON.parse(lastForm(app)['payload'] ?? '')).toMatchObject({
      user: { id: 'U0ANA' },
      channel: { id: channel },
      message: { ts },
    });
    expect(await page.getByText('Not for Ana').count()).toBe(0);
    expect(await page.getByLabel('Message #trading').isVisible()).toBe(false);
    await main.getByText('Sending messages to this app has been turned off.').waitFor();

    await slack.say('U0BEN', 'In the channel');
    await entry(open, '# trading').getByText('1 new').waitFor();
    expect(await entry(open, 'Countersign').textContent()).not.toContain('new');
    await entry(open, '# trading').click();
    await main.getByText('In the channel').waitFor();
    expect(await main.getByText('Buy 10 AMZN?').count()).toBe(0);
    await page.getByLabel('Message #trading').waitFor();
  });

  it('show a line above new ones, separately for each person', async () => {
    const open = await openPage({ scopes });
    const { page, choose } = open;
    const main = page.getByRole('main');
    const line = main.getByRole('listitem').filter({ has: page.getByText('New', { exact: true }) });
    await entry(open, 'Countersign').click();
    await main.getByText('Countersign has written nothing to you alone yet.').waitFor();
    await write(open, 'U0ANA', 'Seen');
    await main.getByText('Seen').waitFor();
    expect(await line.count()).toBe(0);

    await entry(open, '# trading').click();
    await write(open, 'U0ANA', 'Missed');
    await entry(open, 'Countersign').getByText('1 new').waitFor();
    await entry(open, 'Countersign').click();
    await line.getByText('Missed').waitFor();

    await write(open, 'U0CHLOE', 'For Chloe');
    await choose('Chloe');
    await main.getByText('For Chloe').waitFor();
    expect(await main.getByText('Missed').count()).toBe(0);
  });

  it('show a file with its name and size, download it unchanged, and announce its title', async () => {
    const open = await openPage({ scopes });
    const { page, client } = open;
    const content = `order,symbol\n${'1,AMZN\n'.repeat(500)}`;
    const { channel } = await write(open, 'U0ANA', 'Your report comes');
    await entry(open, 'Countersign').click();

    await client.files.uploadV2({ channel_id: channel, filename: 'orders.csv', title: 'Orders', content });

    const row = page.getByRole('main').getByRole('article').last();
    await row.getByText('orders.csv · 3.5 kB').waitFor();
    await expect.poll(() => page.locator('[aria-live="polite"]').textContent()).toBe('Countersign: Orders');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('link', { name: 'Download orders.csv' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('orders.csv');
    expect(await readFile((await download.path()) ?? '', 'utf8')).toBe(content);
  });

  it('open from a permalink for their person only, and others are told so', async () => {
    const open = await openPage({ scopes });
    const { page, client, choose } = open;
    const { ts, channel } = await write(open, 'U0BEN', 'Look here');
    const { permalink = '' } = await client.chat.getPermalink({ channel, message_ts: ts });

    await page.goto(permalink);
    await page.getByText('There is no such message here.').waitFor();
    await choose('Ben');
    await page.goto(permalink);
    await page.getByRole('main').locator('[aria-current="true"]').getByText('Look here').waitFor();
    expect(await page.title()).toBe('(1) Countersign · Local Slack');
  });

  it('work on a phone, with a way back and a read-only thread', async () => {
    const workflow = {
      look: async () => ({ name: 'trading', states: [], executions: [] }),
      watch: () => () => {},
    };
    const open = await openPage({ scopes, workflow }, 390);
    const { page } = open;
    const { ts } = await write(open, 'U0ANA', 'Buy 10 AMZN?');
    await write(open, 'U0ANA', 'Bought', { thread_ts: ts });

    await entry(open, 'Countersign').click();
    await page.getByRole('main').getByRole('button', { name: '1 reply' }).press('Enter');
    await page.getByRole('region', { name: 'Thread' }).getByText('Bought').waitFor();
    expect(await page.getByLabel('Reply…').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Back' }).press('Enter');
    await page.getByRole('main').getByText('Buy 10 AMZN?').waitFor();

    await page.getByRole('main').getByRole('button', { name: '1 reply' }).click();
    await entry(open, '# trading').click();
    await page.getByLabel('Message #trading').waitFor();

    await page.getByRole('button', { name: 'Execution' }).click();
    await page.getByRole('complementary', { name: 'Execution' }).waitFor();
    await entry(open, 'Countersign').click();
    await page.getByRole('main').getByText('Buy 10 AMZN?').waitFor();
  });
});
