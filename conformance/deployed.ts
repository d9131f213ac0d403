// Runs the cases in an account or an emulator: asks, deploys the stack, runs the cases, and removes the stack even
// after an error. `run.ts` calls it.
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { Stopped } from '../cli/usage-error.ts';
import { type Aws, createAws } from './aws.ts';
import type { Case } from './case.ts';
import type { Deployer, Place } from './deployer.ts';
import { runCases, type CaseResult } from './run-cases.ts';
import { STACK } from './stack-name.ts';

export interface RunDeployed {
  readonly cases: readonly Case[];
  readonly deployer: Deployer;
  /** Throws `Stopped` if the stack must not be deployed there. */
  readonly confirm: (place: Place) => Promise<void>;
  readonly print: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Undefined: AWS itself. */
  readonly endpoint?: string | undefined;
}

export async function runDeployed(options: RunDeployed): Promise<readonly CaseResult[]> {
  const { cases, deployer, confirm, print, signal, endpoint } = options;
  const place = await deployer.synthesise();
  await confirm(place);
  let aws: Aws | undefined;
  try {
    signal.throwIfAborted();
    print(`\nDeploying ${STACK}\n`);
    const outputs = await deployer.deploy();
    aws = createAws({
      endpoint,
      region: place.region,
      outputs,
      now: Date.now,
      wait: (seconds) => sleep(seconds * 1000, undefined, { signal }),
    });
    print('');
    return await runCases(cases, aws, { isTimeSimulated: false, print, signal });
  } finally {
    print(`\nRemoving ${STACK}\n`);
    await remove(deployer, aws, place);
  }
}

async function remove(deployer: Deployer, aws: Aws | undefined, { region }: Place): Promise<void> {
  // A failure to empty the bucket matters only if the stack is not removed: the bucket may have been empty.
  const full = aws && (await reasonOf(emptyBucket(aws)));
  const failure = await reasonOf(deployer.destroy());
  if (failure === undefined) return;
  throw new Stopped(
    [
      `${STACK} was not removed: ${failure}${full === undefined ? '' : ` Its bucket could not be emptied: ${full}`}`,
      'Run this command again, which deploys over it and removes it, or remove it by hand:',
      '  1. Empty its bucket in the S3 console, with the bypass of the governance mode.',
      `  2. aws cloudformation delete-stack --region ${region} --stack-name ${STACK}`,
    ].join('\n'),
  );
}

/** Returns the message of the error, or undefined if the work succeeds. */
async function reasonOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** CloudFormation removes only empty buckets. Versions that a case locked need the bypass. */
async function emptyBucket(aws: Aws): Promise<void> {
  const Bucket = aws.name('BucketName');
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await aws.objects.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const all = [...Versions, ...DeleteMarkers];
    if (all.length === 0) return;
    for (const { Key, VersionId } of all) {
      const version = { Bucket, Key, VersionId, BypassGovernanceRetention: true };
      await aws.objects.send(new DeleteObjectCommand(version));
    }
  }
}
