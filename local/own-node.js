// Lambda's Node is this project's Node: npm installs it, and puts it in front of every script. Where that was
// prevented, this says so before anything else runs; plain JavaScript, as the Node it warns of may know no TypeScript.
import { readFileSync } from 'node:fs';

const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = `v${devDependencies.node}`;

if (process.version !== wanted) {
  process.stderr.write(
    `This would run on Node ${process.version}, but needs ${wanted}, which npm installs with the project.\n` +
      'Run "npm ci" again, without --ignore-scripts; if npm asks, allow the install script of "node".\n',
  );
  process.exitCode = 1;
}
