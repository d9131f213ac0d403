// Lambda's Node is this project's Node: npm installs it, and puts it in front of every script. Where that was
// prevented, `npm start` and the tests would run on something else; this says so at once.
import { readFileSync } from 'node:fs';

export class WrongNode extends Error {
  override readonly name = 'WrongNode';
}

/** Throws {@link WrongNode} where this process is not run by the version that package.json names. */
export function requireOwnNode(): void {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const wanted = `v${devDependencies.node}`;
  if (process.version === wanted) return;
  throw new WrongNode(
    `This runs on Node ${process.version}, but needs ${wanted}, which npm installs with the project. ` +
      'Run it through npm (npm start); if you do, run "npm ci" again without --ignore-scripts.',
  );
}
