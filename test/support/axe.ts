// Checks a part of a page with axe. The tests of the page and of the pictures call it.
import axe from 'axe-core';
import type { Locator } from 'playwright-core';

/** What axe finds wrong, in words. */
export async function axeFaults(part: Locator): Promise<readonly string[]> {
  if (!(await part.page().evaluate('"axe" in globalThis'))) await part.page().evaluate(axe.source);
  const violations = await part.evaluate(async (element) => {
    const { axe: loaded } = globalThis as unknown as { axe: typeof axe };
    return (await loaded.run(element)).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}
