// Checks some views of the page with axe, light and dark. All of them: accessibility.slow.test.ts.
import { describe, it } from 'vitest';
import { useBrowser } from '../../../support/open-page.ts';
import { checkView } from '../../../support/page-views.ts';

useBrowser();

describe('accessibility', () => {
  it.each([
    ['channel', 1280],
    ['thread', 390],
    ['modal with errors', 390],
    ['home', 1280],
    ['two channels', 390],
  ] as const)('has no violation in %s, %i pixels wide, light and dark', (name, width) =>
    checkView(name, width),
  );
});
