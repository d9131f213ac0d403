// Tests a run in an account as far as it goes without one: the deployer is injected, and what it deployed is the stack in
// the local cloud, called over HTTP in real time.
import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../cli/usage-error.ts';
import { cases } from '../../conformance/cases/index.ts';
import { runDeployed, type RunDeployed } from '../../conformance/deployed.ts';
import { type LocalCloud, startLocalCloud } from '../../conformance/local-cloud.ts';

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud();
});
afterAll(() => cloud.close());

async function run(options: Partial<RunDeployed> = {}, failing: Partial<RunDeployed['deployer']> = {}) {
  const done: string[] = [];
  const lines: string[] = [];
  const results = await runDeployed({
    cases: [],
    endpoint: cloud.url,
    signal: new AbortController().signal,
    confirm: async ({ account, region }) => void done.push(`asked for ${account} in ${region}`),
    print: (line) => void lines.push(line),
    ...options,
    deployer: {
      synthesise: async () => ({ account: '111122223333', region: 'us-east-1' }),
      deploy: async () => {
        done.push('deployed');
        return cloud.outputs;
      },
      destroy: async () => void done.push('removed'),
      ...failing,
    },
  }).catch((error: unknown) => error);
  return { results, done, lines };
}

describe('runDeployed', () => {
  it('asks, deploys, runs the cases and removes the stack', async () => {
    const chosen = cases.filter(({ name }) =>
      /^GetExecutionHistory answers in pages|the longest delay/.test(name),
    );
    const { results, done } = await run({ cases: chosen });
    expect(results).toMatchObject([{ result: 'same' }, { result: 'skipped' }]);
    expect(done).toEqual(['asked for 111122223333 in us-east-1', 'deployed', 'removed']);
  });

  it('deploys nothing if the person declines', async () => {
    const declined = new Stopped('Nothing was deployed.');
    const { results, done } = await run({ confirm: () => Promise.reject(declined) });
    expect([results, done]).toEqual([declined, []]);
  });

  it('removes the stack if the deployment fails', async () => {
    const failure = new Error('cdk deploy exited with code 1.');
    const { results, done } = await run({}, { deploy: () => Promise.reject(failure) });
    expect([results, done.at(-1)]).toEqual([failure, 'removed']);
  });

  it('removes the stack at Ctrl-C, and does not wait for the case to end', async () => {
    const stop = new AbortController();
    const stopped = new Stopped('Stopped.');
    const waiting = {
      name: 'a case that waits',
      source: 'assumed',
      answer: 'yes',
      calls: async ({ wait }: { wait: (seconds: number) => Promise<void> }) => {
        setTimeout(() => stop.abort(stopped), 10);
        await wait(3_600);
      },
    };
    const { results, done } = await run({ cases: [waiting, ...cases], signal: stop.signal });
    expect([results, done.at(-1)]).toEqual([stopped, 'removed']);
  });

  it('empties the bucket first, also of what a case locked', async () => {
    const Bucket = cloud.aws.name('BucketName');
    const lock = {
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: new Date(Date.now() + 3_600_000),
    } as const;
    await cloud.aws.objects.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a', ...lock }));
    const { done } = await run();
    const { Versions = [] } = await cloud.aws.objects.send(new ListObjectVersionsCommand({ Bucket }));
    expect([Versions, done.at(-1)]).toEqual([[], 'removed']);
  });

  it('removes the stack although the bucket cannot be emptied, because it may be empty', async () => {
    const outputs = { ...cloud.outputs, BucketNameOut: 'no-such-bucket' };
    const { results, done } = await run({}, { deploy: async () => outputs });
    expect([results, done.at(-1)]).toEqual([[], 'removed']);
  });

  it('says how to remove the stack by hand if it cannot', async () => {
    const { results } = await run({}, { destroy: () => Promise.reject(new Error('cdk destroy failed')) });
    expect(String(results)).toContain('Countersign-conformance was not removed: cdk destroy failed');
    expect(String(results)).toContain(
      'aws cloudformation delete-stack --region us-east-1 --stack-name Countersign-conformance',
    );
  });
});
