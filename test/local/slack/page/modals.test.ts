// Tests modals on the page: filled in by label and keyboard, kept during updates, with the focus in place afterwards.
import { describe, expect, it } from 'vitest';
import {
  decision,
  delegateForm,
  openPage,
  opensModal,
  plain,
  tradeForm,
  useBrowser,
} from '../../../support/open-page.ts';
import type { OpenPage } from '../../../support/open-page.ts';
import { lastForm } from '../../../support/start-tiny-app.ts';

useBrowser();

const focused = ({ page }: OpenPage) =>
  page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()');

describe('modals on the page', () => {
  it('are filled in by label, submitted by Enter, and show errors at their fields', async () => {
    const open = await openPage();
    const { page, say, app, slack } = open;
    opensModal(open);
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    const symbol = dialog.getByLabel('Symbol');
    await dialog.getByLabel('Side').selectOption('Sell');

    const errors = { symbol: 'There is no symbol NOPE.', quantity: 'Too many.' };
    app.answer = (response) => response.end(JSON.stringify({ response_action: 'errors', errors }));
    await symbol.fill('NOPE');
    await symbol.press('Enter');
    await dialog.getByText('Too many.').waitFor();
    expect(await symbol.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('textbox', { name: 'Symbol', description: errors.symbol }).count()).toBe(1);
    expect(await page.evaluate('document.activeElement.name')).toBe('symbol');
    expect(await dialog.getByLabel('Side').inputValue()).toBe('sell');

    app.answer = (response) => response.end();
    await symbol.fill('AMZN');
    await symbol.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(JSON.parse(lastForm(app)['payload'] ?? '').view.state.values).toMatchObject({
      symbol: { symbol: { value: 'AMZN' } },
      quantity: { quantity: { value: '10' } },
      side: { side: { selected_option: { value: 'sell' } } },
      note: { note: { value: null } },
    });
    expect(slack.modal('U0ANA')).toBeUndefined();
    expect(await focused(open)).toBe('Message #trading');
  });

  it('let people choose a person, a date and checkboxes by label and keyboard', async () => {
    const open = await openPage();
    const { page, say, app, slack, client } = open;
    opensModal(open, delegateForm);
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'Delegate' });
    await dialog.getByLabel('Who').waitFor();
    expect(await dialog.getByLabel('Who').getByRole('option').allTextContents()).toEqual([
      'Select a person',
      'Ana',
      'Ben',
      'Chloe',
      'Dana',
      'Eve',
      'Robo',
      'Sam',
      'Gina',
      'Hugo',
      'Ida',
      'Slackbot',
    ]);
    await dialog.getByLabel('Who').selectOption('Dana');
    expect(await dialog.getByLabel('Until').inputValue()).toBe('2026-12-24');
    await dialog.getByLabel('Until').fill('2026-12-31');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const boxes = dialog.getByRole('group', { name: 'What' });
    await boxes.getByText('Please complete this required field.').waitFor();
    expect(app.received).toHaveLength(1);
    await expect.poll(() => page.evaluate('document.activeElement.value')).toBe('buy');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');

    const note = { type: 'section', text: plain('Dana has three already.') };
    const view = { ...delegateForm, blocks: [note, ...delegateForm.blocks] };
    await client.apiCall('views.update', { view_id: slack.modal('U0ANA')?.id, view });
    await dialog.getByText('Dana has three already.').waitFor();
    await expect.poll(() => boxes.getByLabel('Sells').isChecked()).toBe(true);
    expect(await page.evaluate('document.activeElement.value')).toBe('sell');

    app.answer = (response) => response.end();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(JSON.parse(lastForm(app)['payload'] ?? '').view.state.values).toMatchObject({
      who: { who: { selected_user: 'U0DANA' } },
      until: { until: { selected_date: '2026-12-31' } },
      what: { what: { selected_options: [{ value: 'sell' }] } },
    });
  });

  it('let people clear an initial checkbox', async () => {
    const open = await openPage();
    const { page, say, app } = open;
    const option = { text: plain('Sells'), value: 'sell' };
    const element = { type: 'checkboxes', action_id: 'what', options: [option], initial_options: [option] };
    const field = { type: 'input', block_id: 'what', label: plain('What'), optional: true, element };
    opensModal(open, { ...delegateForm, blocks: [field] });
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'Delegate' });
    await dialog.getByLabel('Sells').uncheck();

    await dialog.getByRole('button', { name: 'Save' }).click();

    await dialog.waitFor({ state: 'detached' });
    expect(JSON.parse(lastForm(app)['payload'] ?? '').view.state.values.what.what.selected_options).toEqual(
      [],
    );
  });

  it('close on Escape without sending anything, and keep Tab inside', async () => {
    const open = await openPage();
    const { page, say, app, slack } = open;
    opensModal(open);
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').waitFor();

    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.closest("main, nav, section, aside")')).toBeNull();
    }
    await page.keyboard.press('Escape');

    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => slack.modal('U0ANA')).toBeUndefined();
    expect(app.received).toHaveLength(1);
  });

  it('keep typed values when the app updates them, and show a failing app', async () => {
    const open = await openPage();
    const { page, say, app, slack, client } = open;
    opensModal(open);
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').fill('AMZN');

    const note = { type: 'section', text: plain('AMZN is at USD 200.') };
    const view = { ...tradeForm, blocks: [note, ...tradeForm.blocks] };
    await client.apiCall('views.update', { view_id: slack.modal('U0ANA')?.id, view });
    await dialog.getByText('AMZN is at USD 200.').waitFor();
    expect(await dialog.getByLabel('Symbol').inputValue()).toBe('AMZN');

    app.answer = (response) => response.writeHead(500).end();
    await dialog.getByRole('button', { name: 'Trade' }).click();
    await dialog.getByRole('alert').getByText('We had some trouble connecting. Try again?').waitFor();
    expect(await dialog.getByLabel('Symbol').inputValue()).toBe('AMZN');
  });

  it('return the focus to the page, even if the button that opened them is gone', async () => {
    const open = await openPage();
    const { page, post, app, client } = open;
    const ts = await post('Buy?', { blocks: [decision()] });
    opensModal(open);
    await page.getByRole('button', { name: 'Decline' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').fill('AMZN');
    await client.chat.update({ channel: 'C0TRADING', ts, text: 'Declined' });
    await page.getByRole('main').getByText('Declined').waitFor({ state: 'attached' });

    app.answer = (response) => response.end();
    await dialog.getByLabel('Symbol').press('Enter');

    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(open)).toBe('Messages');
  });

  it('are shown to their person only', async () => {
    const open = await openPage();
    const { page, say, choose } = open;
    opensModal(open);
    await say('/trade');
    const dialog = page.getByRole('dialog', { name: 'New trade' });
    await dialog.waitFor();
    await page.evaluate("sessionStorage.setItem('person', 'U0BEN')");

    await page.reload();
    await page.getByLabel('Message #trading').waitFor();
    expect(await dialog.count()).toBe(0);

    await choose('Ana');
    await dialog.waitFor();
  });
});
