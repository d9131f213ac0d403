// Starts a complete Countersign on this machine, called a world: the local Slack, the local cloud that runs the
// synthesised stack, and one clock for both. `npm start`, the demo and the tests each start one.
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Clock, createClock } from './clock.ts';
import { type Cloud, startCloud } from './cloud/index.ts';
import { openEndpoints } from './cloud/gateway/endpoints.ts';
import { type Persistence, noPersistence } from './persistence.ts';
import { putSecret } from './put-secret.ts';
import { type Slack, startSlack } from './slack/slack.ts';
import { stackOf } from './stack-of.ts';
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
  /** Returns the addresses of AWS and Slack for the function of this name; by default the direct ones. */
  readonly reach?: (functionName: string, direct: Reach) => Reach;
  /** The Slack app's manifest; by default the project's own. */
  readonly manifest?: string;
  /** A sentence about the app, which the page shows at its top. By default it is about the trading workflow. */
  readonly about?: string;
  /** Whether a slash command makes requests; if not, executions that start elsewhere do. By default true. */
  readonly startsByCommand?: boolean;
  /** Name of the first channel; by default `trading`. */
  readonly channelName?: string;
  /** Names of other channels, by id; by default the id in lower case. */
  readonly channelNames?: Readonly<Record<string, string>>;
  /** Time at which the clock starts; by default the machine's time. */
  readonly start?: Date;
  /** Loads the saved state. Called after the port is open, because a second process fails on a port in use. */
  readonly persistence?: () => Persistence;
}

export async function startWorld({
  assembly,
  port,
  awsPort,
  log: tell,
  reach = (_name, direct) => direct,
  manifest = fileURLToPath(new URL('../manifest.yml', import.meta.url)),
  about = 'AWS, the market and the broker are simulated too: no order is real.',
  startsByCommand = true,
  channelName = 'trading',
  channelNames = {},
  start,
  persistence: load = () => noPersistence,
}: WorldOptions): Promise<World> {
  const clock = createClock(start);
  const botToken = `xoxb-${randomBytes(12).toString('hex')}`;
  const signingSecret = randomBytes(16).toString('hex');
  let cloud: Cloud | undefined;
  const workflow = workflowPanel({
    stateMachine: () =>
      cloud && { endpoint: cloud.url, arn: cloud.outputs['StateMachineArn'] ?? cloud.stateMachines[0] ?? '' },
  });
  const log = (event: LogEvent): void => {
    tell(event);
    if (event.source === 'states') workflow.changed();
  };
  const endpoints = await openEndpoints(awsPort, log);
  let slack: Slack | undefined;
  const stop = async (): Promise<void> => {
    workflow.close();
    await Promise.all([slack?.close(), cloud?.close() ?? endpoints.close()]);
  };
  try {
    const persistence = load();
    const [first, ...others] = stackOf(assembly).channels;
    slack = await startSlack({
      port,
      clock,
      manifest,
      botToken,
      signingSecret,
      channels: [
        { id: first, name: channelName },
        ...others.map((id) => ({ id, name: channelNames[id] ?? id.toLowerCase() })),
      ],
      requestUrl: () => cloud?.outputs['BotUrl'] ?? '',
      about,
      startsByCommand,
      workflow,
      persistence,
      log,
    });
    const { apiUrl } = slack;
    const environment = (name: string, own: Readonly<Record<string, string>>, awsUrl: string) => {
      const { aws, slack: api } = reach(name, { aws: awsUrl, slack: apiUrl });
      // Queue URLs start with the AWS address too, so it is replaced in all values that start with it.
      const addresses = Object.entries(own).filter(([, value]) => value.startsWith(awsUrl));
      const reached = addresses.map(([variable, value]) => [variable, value.replace(awsUrl, aws)]);
      return { ...Object.fromEntries(reached), AWS_ENDPOINT_URL: aws, SLACK_API_URL: api };
    };
    cloud = await startCloud({
      assembly,
      clock,
      port: endpoints,
      persistence,
      prepare: (opened) => putSecret(opened, { botToken, signingSecret }),
      environment,
      log,
    });
    workflow.changed();
    return { clock, cloud, slack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
