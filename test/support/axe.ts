// Checks a part of a page with axe. The tests of the page and of the pictures call it.
import axeCore from 'axe-core';
import type { Locator } from 'playwright-core';

declare global {
  /** In the page, once its source was loaded. */
  var axe: typeof axeCore;
}

/** Describes each violation that axe finds in the part. */
export async function axeFaults(part: Locator): Promise<readonly string[]> {
  if (!(await part.page().evaluate('"axe" in globalThis'))) await part.page().evaluate(axeCore.source);
  const violations = await part.evaluate(async (element) => {
    return (await globalThis.axe.run(element)).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
