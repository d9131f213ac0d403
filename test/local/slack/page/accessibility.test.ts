// Checks some views of the page with axe, light and dark. All of them: accessibility.slow.test.ts.
import { it } from 'vitest';
import { useBrowser } from '../../../support/open-page.ts';
import { checkView } from '../../../support/page-views.ts';

useBrowser();

it.each([
  ['channel', 1280],
  ['thread', 390],
  ['modal with errors', 390],
  ['home', 1280],
] as const)('%s, %i wide, light and dark: axe finds nothing', (name, width) => checkView(name, width));
