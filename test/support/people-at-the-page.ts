// What people do and see on the page, by the names and roles that a screen reader announces. Called by the stories on
// the page.
import type { Browser, Locator, Page } from 'playwright-core';

/** Opens the page as the person of this name. @param faults where what breaks in the page is noted */
export async function sitDown(browser: Browser, url: string, name: string, faults: string[]): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', timezoneId: 'UTC' });
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  const picker = page.getByLabel('You are');
  await picker.getByRole('option').first().waitFor({ state: 'attached' });
  const labels = await picker.getByRole('option').allTextContents();
  await picker.selectOption({ label: labels.find((label) => label.startsWith(name)) ?? '' });
  return page;
}

/** A conversation beside the channel, or the channel. */
export async function open(page: Page, name: '# trading' | 'Countersign'): Promise<void> {
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name }).click();
  await page.getByRole('main').getByRole('heading', { name, exact: true }).waitFor();
}

export async function openHome(page: Page): Promise<Locator> {
  await open(page, 'Countersign');
  await page.getByRole('tab', { name: 'Home' }).click();
  return page.getByRole('tabpanel', { name: 'Home' });
}

export async function type(page: Page, text: string): Promise<void> {
  await open(page, '# trading');
  const box = page.getByLabel('Message #trading');
  await box.fill(text);
  await box.press('Enter');
}

export const articles = (page: Page) => page.getByRole('main').getByRole('article');

/** What only this person sees. */
export const whispers = (page: Page) => articles(page).filter({ hasText: 'Only visible to you' });

/** The message that asks about this, as this person sees it. */
export const request = (page: Page, words: string) =>
  articles(page).filter({ hasText: words }).filter({ hasText: 'Requested by' });

export const press = (where: Page | Locator, button: string) =>
  where.getByRole('button', { name: button, exact: true }).click();

/** By the keyboard: where all is made anew in that very moment a click is lost, and the focus is not. */
export const pressInHome = (home: Locator, button: string) =>
  home.getByRole('button', { name: button, exact: true }).press('Enter');

export const says = (where: Page | Locator, words: RegExp) => where.getByText(words).first().waitFor();

export const hears = (page: Page, words: RegExp) => says(whispers(page), words);

export const hasNo = (where: Locator, button: string) =>
  where.getByRole('button', { name: button, exact: true }).waitFor({ state: 'detached' });
