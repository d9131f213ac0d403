// Tests the list of commands that a slash opens in the message box, by keyboard and by mouse.
import { expect, it } from 'vitest';
import { lastForm } from '../../../support/start-tiny-app.ts';
import { openPage, useBrowser } from '../../../support/open-page.ts';

useBrowser();

it('offers the commands after a slash, completes the marked one, and sends it with what follows', async () => {
  const { page, app } = await openPage();
  const box = page.getByLabel('Message #trading');
  const commands = page.getByRole('listbox', { name: 'Commands' });
  await box.pressSequentially('/');
  expect(await commands.getByRole('option').allTextContents()).toEqual([
    expect.stringMatching(/\/trade\s+AMZN 10\s+Trade/),
    expect.stringMatching(/\/travel\s+Book a trip/),
  ]);
  await box.press('ArrowDown');
  expect(await commands.getByRole('option', { selected: true }).textContent()).toContain('/travel');
  await box.press('ArrowDown');
  await box.press('Enter');
  expect(await box.inputValue()).toBe('/trade ');
  expect(await commands.count()).toBe(0);
  expect(app.received).toEqual([]);

  await box.pressSequentially('NVDA 5');
  await box.press('Enter');
  await expect.poll(() => app.received.length).toBe(1);
  expect(lastForm(app)).toMatchObject({ command: '/trade', text: 'NVDA 5' });
  expect(await box.inputValue()).toBe('');
});

it('completes by Tab and by a click, and a command in full is sent by one Enter', async () => {
  const { page, app } = await openPage();
  const box = page.getByLabel('Message #trading');
  await box.pressSequentially('/trav');
  await box.press('Tab');
  expect(await box.inputValue()).toBe('/travel ');
  await box.fill('/');
  await page.getByRole('option', { name: '/trade' }).click();
  expect(await box.inputValue()).toBe('/trade ');
  await box.fill('/trade');
  await box.press('Enter');
  await expect.poll(() => app.received.length).toBe(1);
});

it('closes the list by Escape and keeps the text', async () => {
  const { page } = await openPage();
  const box = page.getByLabel('Message #trading');
  await box.pressSequentially('/tr');
  await box.press('Escape');
  expect(await page.getByRole('listbox').count()).toBe(0);
  expect(await box.inputValue()).toBe('/tr');
});

it('offers nothing in a thread, in a plain message, or to a person of another workspace', async () => {
  const { page, client, post, choose } = await openPage();
  const thread_ts = await post('Buy?');
  await client.chat.postMessage({ channel: 'C0TRADING', thread_ts, text: 'A reply' });
  await page.getByRole('button', { name: '1 reply' }).click();
  await page.getByLabel('Reply…').pressSequentially('/');
  expect(await page.getByRole('listbox').count()).toBe(0);
  await page.getByLabel('Message #trading').fill('a / b');
  expect(await page.getByRole('listbox').count()).toBe(0);
  await choose('Eve');
  await page.getByText('From another company').waitFor();
  await page.getByLabel('Message #trading').fill('/');
  expect(await page.getByRole('listbox').count()).toBe(0);
});

it('has no fault that axe finds while the list is open', async () => {
  const { page, faults } = await openPage();
  await page.getByLabel('Message #trading').pressSequentially('/');
  await page.getByRole('listbox').waitFor();
  expect(await faults()).toEqual([]);
});
