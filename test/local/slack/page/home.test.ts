// Tests Home on the page: its tabs by role and keyboard, the published view, and button presses in it.
import { describe, expect, it } from 'vitest';
import { openPage, plain, tradeForm, useBrowser } from '../../../support/open-page.ts';
import type { OpenPage } from '../../../support/open-page.ts';
import { lastForm } from '../../../support/start-tiny-app.ts';

useBrowser();

const options = { home: true, events: ['app_home_opened'] };
const tabOf = ({ page }: OpenPage, name: string) => page.getByRole('tab', { name });
const place = ({ page }: OpenPage) =>
  page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: 'Countersign' });
/** Opens it, and waits until the app has heard so. */
async function openHome(open: OpenPage): Promise<void> {
  await place(open).click();
  await expect.poll(() => open.app.received.length).toBe(1);
}
const homeOf = ({ page }: OpenPage) => page.getByRole('tabpanel', { name: 'Home' });

const row = (value: string, title: string) => ({
  type: 'section',
  text: plain(title),
  accessory: { type: 'button', text: plain('Remove'), action_id: 'remove', value },
});
const publish = ({ client }: OpenPage, user_id: string, ...blocks: object[]) =>
  client.apiCall('views.publish', { user_id, view: { type: 'home', blocks } });
const header = (text: string) => ({ type: 'header', text: plain(text) });

/** An app that shows in the Home of whoever opens it that they did. */
function greets(open: OpenPage): void {
  const { app } = open;
  app.answer = async (response) => {
    const body = app.received.at(-1)?.body ?? '';
    if (body.startsWith('{')) await publish(open, JSON.parse(body).event.user, header('Needs your approval'));
    response.end();
  };
}
const eventsOf = ({ app }: OpenPage) =>
  app.received.map(({ body }) => JSON.parse(body).event).map(({ user, tab }) => `${user} ${tab}`);

describe('Home on the page', () => {
  it('shows fields, and a press sends what was typed', async () => {
    const open = await openPage(options);
    await openHome(open);
    const element = { type: 'plain_text_input', action_id: 'name' };
    const field = { type: 'input', block_id: 'who', label: plain('Name'), element };
    await publish(open, 'U0ANA', field, row('1', 'Request'));

    await homeOf(open).getByLabel('Name').fill('Ben');
    await homeOf(open).getByRole('button', { name: 'Remove' }).click();

    await expect.poll(() => open.app.received.length).toBe(2);
    const { view } = JSON.parse(lastForm(open.app)['payload'] ?? '{}');
    expect(view.state.values).toEqual({ who: { name: { type: 'plain_text_input', value: 'Ben' } } });
  });

  it('opens and lets the app publish it, and arrow keys lead to Messages', async () => {
    const open = await openPage(options);
    const { page, choose } = open;
    expect(await page.getByRole('tab').count()).toBe(0);

    await place(open).click();
    await homeOf(open).getByText('This is still a work in progress.').waitFor();
    expect(await place(open).getAttribute('aria-current')).toBe('true');
    expect(await page.getByLabel('Message #trading').isVisible()).toBe(false);
    greets(open);
    await tabOf(open, 'Home').click();
    await homeOf(open).getByRole('heading', { name: 'Needs your approval' }).waitFor();

    await tabOf(open, 'Home').press('ArrowRight');
    await page.getByText('Countersign has written nothing to you alone yet.').waitFor();
    expect(await tabOf(open, 'Messages').getAttribute('aria-selected')).toBe('true');
    expect(await page.evaluate('document.activeElement.id')).toBe('tab-direct');
    expect(await homeOf(open).isVisible()).toBe(false);
    await page.keyboard.press('ArrowLeft');
    await choose('Ben');

    await expect
      .poll(() => eventsOf(open))
      .toEqual(['U0ANA home', 'U0ANA home', 'U0ANA messages', 'U0ANA home', 'U0BEN home']);
    await homeOf(open).getByRole('heading', { name: 'Needs your approval' }).waitFor();
  });

  it('opens at Messages if there are new ones, and keeps them new while Home is shown', async () => {
    const open = await openPage(options);
    const { page, client } = open;
    const write = (text: string) => client.chat.postMessage({ channel: 'U0ANA', text });
    await write('Your trade is done');
    await place(open).getByText('1 new').waitFor();

    await place(open).click();
    await page.getByRole('main').getByText('Your trade is done').waitFor();
    await tabOf(open, 'Home').click();
    await write('Another one');
    await place(open).getByText('1 new').waitFor();
    expect(await page.title()).toBe('(1) Countersign · Local Slack');

    await tabOf(open, 'Messages').click();
    await page.getByRole('main').getByText('Another one').waitFor();
    await page.getByRole('button', { name: '# trading' }).click();
    expect(await page.getByRole('tab').count()).toBe(0);
    await place(open).click();
    await page.getByRole('tabpanel', { name: 'Messages' }).getByText('Another one').waitFor();
  });

  it('sends the right one of several similar buttons and keeps the focus on it', async () => {
    const open = await openPage(options);
    const { page, app } = open;
    await publish(open, 'U0ANA', row('a1', 'Dana, until Friday'), row('a2', 'Chloe, until Monday'));
    await openHome(open);
    const remove = (title: string) =>
      homeOf(open).locator('.block').filter({ hasText: title }).getByRole('button', { name: 'Remove' });
    await remove('Chloe').waitFor();
    app.answer = async (response) => {
      await publish(open, 'U0ANA', row('a1', 'Dana, until Friday'));
      response.end();
    };

    await remove('Chloe').press('Enter');

    await expect.poll(() => homeOf(open).getByText('Chloe').count()).toBe(0);
    expect(JSON.parse(lastForm(app)['payload'] ?? '').actions).toMatchObject([{ value: 'a2' }]);
    expect(await page.evaluate('document.activeElement.id')).toBe('home');

    await remove('Dana').focus();
    await publish(open, 'U0ANA', header('Delegates'), row('a1', 'Dana, until Sunday'));
    await homeOf(open).getByText('Dana, until Sunday').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Remove');
  });

  it('shows a failed press, and gets the focus back from a modal', async () => {
    const open = await openPage(options);
    const { page, app, client } = open;
    await publish(open, 'U0ANA', row('a1', 'Dana, until Friday'));
    await openHome(open);
    const remove = homeOf(open).getByRole('button', { name: 'Remove' });
    await remove.waitFor();
    app.answer = (response) => response.writeHead(500).end();
    await remove.click();
    await homeOf(open).getByRole('alert').getByText('The app could not be reached, or failed.').waitFor();

    app.answer = async (response) => {
      const { trigger_id, type } = JSON.parse(lastForm(app)['payload'] ?? '{}');
      if (type === 'block_actions') await client.apiCall('views.open', { trigger_id, view: tradeForm });
      response.end();
    };
    await remove.click();
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').fill('AMZN');
    expect(await page.getByRole('alert').filter({ hasText: 'could not be reached' }).count()).toBe(0);
    await publish(open, 'U0ANA', header('Nothing left'));
    await dialog.getByLabel('Symbol').press('Enter');

    await dialog.waitFor({ state: 'detached' });
    await homeOf(open).getByText('Nothing left').waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('home');
  });

  it('sends the values of a modal with a button press in it, and lets the app update the modal', async () => {
    const open = await openPage(options);
    const { page, app, client, slack } = open;
    await publish(open, 'U0ANA', row('a1', 'Dana'));
    await openHome(open);
    const more = {
      type: 'actions',
      elements: [{ type: 'button', text: plain('Price?'), action_id: 'price' }],
    };
    const view = { ...tradeForm, blocks: [...tradeForm.blocks, more] };
    app.answer = async (response) => {
      const { trigger_id, view: pressed } = JSON.parse(lastForm(app)['payload'] ?? '{}');
      if (pressed.type === 'home') await client.apiCall('views.open', { trigger_id, view });
      else {
        const blocks = [header('USD 200'), ...view.blocks];
        await client.apiCall('views.update', { view_id: pressed.id, view: { ...view, blocks } });
      }
      response.end();
    };
    await homeOf(open).getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').fill('AMZN');

    await dialog.getByRole('button', { name: 'Price?' }).click();

    await dialog.getByText('USD 200').waitFor();
    expect(JSON.parse(lastForm(app)['payload'] ?? '')).toMatchObject({
      actions: [{ action_id: 'price' }],
      view: { id: slack.modal('U0ANA')?.id, state: { values: { symbol: { symbol: { value: 'AMZN' } } } } },
    });
    expect(await dialog.getByLabel('Symbol').inputValue()).toBe('AMZN');
  });

  it('works on a phone, with tabs, and a permalink opens its message', async () => {
    const open = await openPage(options, 390);
    const { page, client } = open;
    const { ts = '' } = await client.chat.postMessage({ channel: 'U0ANA', text: 'Look here' });
    await publish(open, 'U0ANA', header('Needs your approval'));
    await place(open).click();
    await tabOf(open, 'Home').click();
    await homeOf(open).getByText('Needs your approval').waitFor();

    const { permalink = '' } = await client.chat.getPermalink({ channel: 'D0LOCALANA', message_ts: ts });
    await page.goto(permalink);

    await page.getByRole('tabpanel', { name: 'Messages' }).getByText('Look here').waitFor();
    expect(await homeOf(open).isVisible()).toBe(false);
  });
});
