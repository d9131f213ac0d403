// The CDK app that deploys the conformance stack to an account or an emulator. `deployed.ts` passes it to CDK's command
// line, which sets the two variables.
import { readFileSync } from 'node:fs';
import { App, type IStackSynthesizer, LegacyStackSynthesizer } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { ConformanceStack } from './stack.ts';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;

/** Needs no bootstrap, because the stack has no assets. Other synthesizers name the roles of the bootstrap. */
const synthesizer: IStackSynthesizer = Object(new LegacyStackSynthesizer());

new ConformanceStack(
  new App(),
  (file) => Code.fromInline(readFileSync(new URL(`functions/${file}.cjs`, import.meta.url), 'utf8')),
  { synthesizer, ...(account && region && { env: { account, region } }) },
);
