// The CDK app. It has one stack. `npx cdk …`, `npm start` and the tests synthesize it.
import { App } from 'aws-cdk-lib';
import { CountersignStack } from './countersign-stack.ts';
import { InvalidSetting } from '../invalid-setting.ts';
import { readSettings } from './settings.ts';

try {
  // Synthesise here: at exit, CDK would print a stack trace for an invalid setting.
  const app = new App({ autoSynth: false });
  const settings = readSettings(app.node);
  new CountersignStack(app, `Countersign-${settings.stage}`, settings);
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidSetting)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
