// Checks that a script runs on the Node version that npm installs with the project, which is also Lambda's version. npm
// runs this check before each script. It is plain JavaScript, because another Node version may not run TypeScript.
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
