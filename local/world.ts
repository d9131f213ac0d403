// A whole Countersign on this machine: a small Slack, a small cloud that runs what CDK synthesised, and one clock for
// both. `npm start`, the demo and the tests each start one.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Clock, createClock } from './clock.ts';
import { type Cloud, startCloud } from './cloud/cloud.ts';
import { type Slack, startSlack } from './slack/slack.ts';
import { workflowPanel } from './workflow-panel.ts';

export interface World {
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly slack: Slack;
  stop(): Promise<void>;
}

export type LogEvent = { readonly source: string; readonly event: string; readonly [field: string]: unknown };

export interface Reach {
  readonly aws: string;
  readonly slack: string;
}

export interface WorldOptions {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  /** Port of the page; 0 picks a free one. */
  readonly port: number;
  /** Port of the cloud; 0 picks a free one. */
  readonly awsPort: number;
  readonly log: (event: LogEvent) => void;
  /** The addresses at which the function of this name reaches AWS and Slack, in place of the real ones. */
  readonly reach?: (functionName: string, direct: Reach) => Reach;
  /** The Slack app's manifest; the project's own where none is given. */
  readonly manifest?: string;
  /** What the channel is called. */
  readonly channelName?: string;
  /** Where the clock starts, the machine's time unless it says otherwise. */
  readonly start?: Date;
}

export async function startWorld({
  assembly,
  port,
  awsPort,
  log: tell,
  reach = (_name, direct) => direct,
  manifest = fileURLToPath(new URL('../manifest.yml', import.meta.url)),
  channelName = 'trading',
  start,
}: WorldOptions): Promise<World> {
  const clock = createClock(start);
  const botToken = `xoxb-${randomBytes(12).toString('hex')}`;
  const signingSecret = randomBytes(16).toString('hex');
  let cloud: Cloud | undefined;
  const workflow = workflowPanel({
    stateMachine: () => cloud && { endpoint: cloud.url, arn: cloud.outputs['StateMachineArn'] ?? '' },
  });
  const log = (event: LogEvent): void => {
    tell(event);
    if (event.source === 'states') workflow.changed();
  };
  const slack = await startSlack({
    port,
    clock,
    manifest,
    botToken,
    signingSecret,
    channel: { id: channelOf(assembly), name: channelName },
    requestUrl: () => cloud?.outputs['BotUrl'] ?? '',
    workflow,
    log,
  });
  try {
    const environment = (name: string, own: Readonly<Record<string, string>>, awsUrl: string) => {
      const { aws, slack: api } = reach(name, { aws: awsUrl, slack: slack.apiUrl });
      // The addresses of queues are AWS's, too.
      const addresses = Object.entries(own).filter(([, value]) => value.startsWith(awsUrl));
      const reached = addresses.map(([variable, value]) => [variable, value.replace(awsUrl, aws)]);
      return { ...Object.fromEntries(reached), AWS_ENDPOINT_URL: aws, SLACK_API_URL: api };
    };
    cloud = await startCloud({ assembly, clock, port: awsPort, environment, log });
    await putSecret(cloud, JSON.stringify({ botToken, signingSecret }));
    workflow.changed();
  } catch (error) {
    await slack.close();
    await cloud?.close();
    throw error;
  }
  const stop = async (): Promise<void> => {
    workflow.close();
    await Promise.all([slack.close(), cloud.close()]);
  };
  return { clock, cloud, slack, stop };
}

/** The channel's id is a setting; the stack gives it as an output, a literal. */
function channelOf(assembly: string): string {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
  const stack = Object.values<{ properties?: { templateFile?: string } }>(artifacts).find(
    ({ properties }) => properties?.templateFile,
  );
  const template = readFileSync(join(assembly, stack?.properties?.templateFile ?? ''), 'utf8');
  return JSON.parse(template).Outputs.Channel.Value;
}

/** What the operator does once after a deployment. */
async function putSecret({ url, outputs }: Cloud, value: string): Promise<void> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const client = new SecretsManagerClient({ endpoint: url, region: 'us-east-1', credentials });
  await client.send(new PutSecretValueCommand({ SecretId: outputs['SecretName'], SecretString: value }));
  client.destroy();
}
