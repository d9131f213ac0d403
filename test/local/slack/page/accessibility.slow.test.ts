// Checks every view of the page with axe: light and dark, on a desktop and on a phone.
import { describe, it } from 'vitest';
import { useBrowser } from '../../../support/open-page.ts';
import { checkView, pageViews } from '../../../support/page-views.ts';

useBrowser();

const cases = Object.keys(pageViews).flatMap((name) => [1280, 390].map((width) => ({ name, width })));

describe('accessibility', () => {
  it.each(cases)('has no violation in $name, $width pixels wide, light and dark', ({ name, width }) =>
    checkView(name, width),
  );
});
