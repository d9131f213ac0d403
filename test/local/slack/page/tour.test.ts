// Tests what the page says to somebody who sees it for the first time: what it is, who the people are, and the tour.
import { expect, it } from 'vitest';
import { people } from '../../../../local/slack/store/people.ts';
import { openPage, useBrowser } from '../../../support/open-page.ts';

useBrowser();

it('says that it is not Slack, and what else is simulated', async () => {
  const { page, faults } = await openPage({ about: 'The market is simulated.' });
  await page.getByText('This is not Slack, but a copy on your machine. The market is simulated.').waitFor();
  expect(await faults()).toEqual([]);
});

it('says what each person may do', async () => {
  const { page, choose } = await openPage();
  const offered = await page.getByLabel('You are').getByRole('option').count();
  expect(people).toHaveLength(offered);
  for (const { name, may = 'nothing' } of people) {
    await choose(name);
    await page.locator('.may').filter({ hasText: may }).waitFor();
  }
});

it.each([1_280, 390])('has a tour of three steps that stays closed, %i pixels wide', async (width) => {
  const { page, faults } = await openPage({}, width);
  await page.evaluate('localStorage.clear()');
  await page.reload();
  const tour = page.getByRole('region', { name: 'Tour' });
  await tour.getByText('type /trade AMZN 10 below and press Enter').waitFor();
  expect(await faults()).toEqual([]);
  await tour.getByRole('button', { name: 'Next' }).click();
  await tour.getByText('Choose Ben under You are').waitFor();
  await tour.getByRole('button', { name: 'Next' }).click();
  await tour.getByText('3 of 3').waitFor();
  expect(await tour.getByRole('button', { name: 'Next' }).count()).toBe(0);
  await tour.getByRole('button', { name: 'Close tour' }).click();
  await tour.waitFor({ state: 'detached' });

  await page.reload();
  await page.getByLabel('Message #trading').waitFor();
  expect(await tour.count()).toBe(0);
});

it('goes on by itself once a request and a reply came', async () => {
  const { page, post, client } = await openPage();
  const tour = page.getByRole('region', { name: 'Tour' });
  await tour.getByText('1 of 3').waitFor();
  const thread_ts = await post('Buy?');
  await tour.getByText('2 of 3').waitFor();
  await client.chat.postMessage({ channel: 'C0TRADING', thread_ts, text: 'Bought.' });
  await tour.getByText('3 of 3').waitFor();
  expect(await tour.getByRole('button', { name: 'Next' }).count()).toBe(0);
});

it('suggests no command to an app whose commands make no requests', async () => {
  const { page } = await openPage({ startsByCommand: false });
  const tour = page.getByRole('region', { name: 'Tour' });
  await tour.getByText('Start an execution. Its request appears here.').waitFor();
  expect(await page.locator('#first').isVisible()).toBe(false);
});
