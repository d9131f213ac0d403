// Deploys and removes the conformance stack with CDK's command line, which finds account, region and endpoint in the
// environment. `run.ts` passes it to `runDeployed`.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cdk } from '../cli/cdk.ts';
import { UsageError } from '../cli/usage-error.ts';
import { STACK } from './stack-name.ts';

export interface Place {
  readonly account: string;
  readonly region: string;
}

export type Outputs = Readonly<Record<string, string>>;

export interface Deployer {
  /** Synthesises the stack for the account and region of the credentials. */
  synthesise(): Promise<Place>;
  deploy(): Promise<Outputs>;
  destroy(): Promise<void>;
}

export function cdkDeployer(): Deployer {
  const folder = resolve('.local/conformance');
  const assembly = join(folder, 'assembly');
  mkdirSync(folder, { recursive: true });
  return {
    async synthesise() {
      const app = ['--app', 'node conformance/app.ts', '--output', assembly];
      await cdk(['synth', STACK, ...app, '--quiet', '--no-notices']);
      return placeOf(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')));
    },
    async deploy() {
      const outputsFile = join(folder, 'outputs.json');
      const options = ['--require-approval', 'never', '--no-notices', '--outputs-file', outputsFile];
      await cdk(['deploy', STACK, '--app', assembly, ...options]);
      const { [STACK]: outputs } = JSON.parse(readFileSync(outputsFile, 'utf8'));
      return outputs;
    },
    destroy: () => cdk(['destroy', STACK, '--app', assembly, '--force', '--no-notices']),
  };
}

interface Manifest {
  readonly artifacts: Readonly<Record<string, { readonly environment?: string } | undefined>>;
}

/** CDK writes `aws://123456789012/eu-central-1`, or an account that is not a number if it found no credentials. */
function placeOf({ artifacts }: Manifest): Place {
  const { environment = '' } = artifacts[STACK] ?? {};
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment) ?? [];
  if (account !== undefined && region !== undefined) return { account, region };
  throw new UsageError(
    `CDK cannot find the account of these credentials (${environment}). Sign in, for example: aws sso login, and export AWS_PROFILE=…`,
  );
}
