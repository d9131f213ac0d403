// Tests two channels on the page: both are listed, each with its own messages, message box and unread count.
import { describe, expect, it } from 'vitest';
import { decision, openPage, useBrowser } from '../../../support/open-page.ts';
import type { OpenPage } from '../../../support/open-page.ts';
import { lastForm, risk, trading } from '../../../support/start-tiny-app.ts';

useBrowser();

const scopes = ['chat:write', 'commands', 'im:write'];
const channels = [trading, risk] as const;
const events = ['app_home_opened'];
const start = (width?: number) => openPage({ scopes, channels, home: true, events }, width);
const nav = ({ page }: OpenPage) => page.getByRole('navigation', { name: 'Workspace' });
const entry = (open: OpenPage, name: string) => nav(open).getByRole('button', { name });

describe('two channels on the page', () => {
  it('are listed, show their own messages, and count what was posted meanwhile', async () => {
    const open = await start();
    const { page, post } = open;
    const main = page.getByRole('main');
    expect(await nav(open).getByRole('button').allTextContents()).toMatchObject([
      expect.stringContaining('# trading'),
      expect.stringContaining('# risk'),
      expect.stringContaining('Countersign'),
    ]);
    await post('In trading');
    await main.getByText('In trading').waitFor();
    await post('In risk', { channel: risk.id });
    await entry(open, '# risk').getByText('1 new').waitFor();
    expect(await page.title()).toBe('(1) #trading · Local Slack');
    expect(await main.getByText('In risk').count()).toBe(0);

    await entry(open, '# risk').press('Enter');
    await main.getByText('In risk').waitFor();
    await main.getByText('New', { exact: true }).waitFor();
    expect(await main.getByText('In trading').count()).toBe(0);
    expect(await entry(open, '# risk').getAttribute('aria-current')).toBe('true');
    expect(await entry(open, '# trading').getAttribute('aria-current')).toBe(null);
    await main.getByRole('heading', { name: '# risk' }).waitFor();
    expect(await page.title()).toBe('(1) #risk · Local Slack');

    await post('Meanwhile');
    await entry(open, '# trading').getByText('1 new').waitFor();
    await post('For Ana', { channel: 'U0ANA' });
    await entry(open, 'Countersign').getByText('1 new').waitFor();
    await entry(open, '# trading').click();
    await main.getByText('Meanwhile').waitFor();
    await expect.poll(() => entry(open, '# risk').textContent()).not.toContain('new');
  });

  it('take commands and messages in the open one, keep drafts, and their buttons can be pressed', async () => {
    const open = await start();
    const { page, post, slack, app } = open;
    const box = (name: string) => page.getByLabel(`Message #${name}`);
    await box('trading').fill('A draft');
    await entry(open, '# risk').click();
    expect(await box('trading').isVisible()).toBe(false);
    expect(await box('risk').inputValue()).toBe('');

    await box('risk').fill('/trade AMZN 10');
    await box('risk').press('Enter');
    await expect.poll(() => lastForm(app)['channel_id']).toBe(risk.id);
    await box('risk').fill('Hello');
    await box('risk').press('Enter');
    await page.getByRole('main').getByText('Hello').waitFor();
    expect(slack.messages().at(-1)).toMatchObject({ channel: risk.id, text: 'Hello' });

    await post('Sell?', { channel: risk.id, blocks: [decision()] });
    await page.getByRole('main').getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => lastForm(app)['payload'] ?? '').toContain(risk.id);
    await entry(open, '# trading').click();
    expect(await box('trading').inputValue()).toBe('A draft');
  });

  it('stay open across a reload, like direct messages and Home', async () => {
    const open = await start();
    const { page, post, client, app } = open;
    const heading = (name: string) => page.getByRole('main').getByRole('heading', { name });
    await entry(open, '# risk').click();
    await heading('# risk').waitFor();
    await page.reload();
    await heading('# risk').waitFor();
    await page.getByLabel('Message #risk').waitFor();

    const ts = await post('Look here');
    const { permalink = '' } = await client.chat.getPermalink({ channel: trading.id, message_ts: ts });
    await page.goto(permalink);
    await heading('# trading').waitFor();
    await page.getByRole('main').locator('[aria-current="true"]').getByText('Look here').waitFor();
    await entry(open, '# risk').click();
    await heading('# risk').waitFor();
    await page.reload();
    await heading('# risk').waitFor();

    await entry(open, 'Countersign').click();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.reload();
    await page.getByText('Countersign has written nothing to you alone yet.').waitFor();
    await page.getByRole('tab', { name: 'Home' }).click();
    await expect.poll(() => app.received.length).toBe(4);
    await page.reload();
    // The app learns of it, so that it publishes the latest Home.
    await expect.poll(() => app.received.length).toBe(5);
    expect(JSON.parse(app.received.at(-1)?.body ?? '').event).toMatchObject({ tab: 'home' });
  });

  it('are listed only for members, and a mention has its channel’s name', async () => {
    const open = await start();
    const { page, post, slack, choose } = open;
    await entry(open, '# risk').click();
    await post(`See <#${trading.id}>`, { channel: risk.id });
    await page.getByRole('main').getByText('#trading', { exact: true }).waitFor();

    await choose('Hugo');
    await page.getByLabel('Message #trading').waitFor();
    expect(await entry(open, '# risk').count()).toBe(0);
    slack.leave('U0HUGO');
    await entry(open, '# trading').waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('heading', { name: 'Countersign' }).waitFor();
    await choose('Ana');
    await entry(open, '# risk').waitFor();
  });

  it('and a permalink to the second channel work on a phone', async () => {
    const open = await start(390);
    const { page, post, client } = open;
    const ts = await post('Sell 10 AMZN?', { channel: risk.id });
    const { permalink = '' } = await client.chat.getPermalink({ channel: risk.id, message_ts: ts });
    await page.goto(permalink);
    await page.getByRole('main').locator('[aria-current="true"]').getByText('Sell 10 AMZN?').waitFor();
    await page.getByLabel('Message #risk').waitFor();
    for (const name of ['# trading', '# risk', 'Countersign'])
      expect(await entry(open, name).isVisible()).toBe(true);
    await entry(open, '# trading').click();
    await page.getByLabel('Message #trading').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
