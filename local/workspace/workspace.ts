// Runs Countersign on this machine for a real Slack workspace: the local cloud, and Socket Mode in place of a public
// address. `npm start` starts it if the tokens of an app are set.
import { randomBytes } from 'node:crypto';
import { createClock } from '../clock.ts';
import { type Cloud, startCloud } from '../cloud/index.ts';
import { openEndpoints } from '../cloud/gateway/endpoints.ts';
import type { Persistence } from '../persistence.ts';
import { putSecret } from '../put-secret.ts';
import { stackOf } from '../stack-of.ts';
import type { LogEvent } from '../world.ts';
import { askChannel, askToken } from '../../cli/workspace/ask-slack.ts';
import { connect, type Connection } from './connection.ts';
import { createEnvelopes } from './envelopes.ts';
import type { Tokens } from '../../cli/workspace/tokens.ts';

export interface WorkspaceOptions {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  /** Port of the cloud; 0 picks a free one. */
  readonly awsPort: number;
  readonly tokens: Tokens;
  /** Address of Slack's Web API, with a slash at its end. The functions and the Socket Mode client use it. */
  readonly apiUrl: string;
  /** Loads the saved state of the workspace with this id. Called after the cloud's port is open. */
  readonly persistence: (teamId: string) => Persistence;
  readonly log: (event: LogEvent) => void;
}

export interface Workspace {
  readonly cloud: Cloud;
  readonly team: string;
  /** Id of the first channel: the one of the policy `default`. */
  readonly channel: string;
  /** Access key id for the AWS CLI. */
  readonly operatorKey: string;
  stop(): Promise<void>;
}

export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { assembly, awsPort, tokens, apiUrl, log } = options;
  const { channels } = stackOf(assembly);
  const [channel] = channels;
  const question = { apiUrl, botToken: tokens.bot, setup: 'npm run setup' };
  const { team, teamId } = await askToken(question);
  for (const each of channels) await askChannel(question, each);
  const clock = createClock();
  // Socket Mode requests are not signed, but the bot checks signatures. So this process signs them with its own secret.
  const signingSecret = randomBytes(16).toString('hex');
  // The stack here has real tokens, and every user of this machine can reach the port.
  const operatorKey = `OPERATOR${randomBytes(16).toString('hex')}`;
  const endpoints = await openEndpoints(awsPort, log);
  let cloud: Cloud | undefined;
  let connection: Connection | undefined;
  const stop = async (): Promise<void> => {
    await connection?.close();
    await (cloud ?? endpoints).close();
  };
  try {
    cloud = await startCloud({
      assembly,
      clock,
      port: endpoints,
      persistence: options.persistence(teamId),
      operatorKey,
      prepare: (opened) => putSecret(opened, { botToken: tokens.bot, signingSecret }, operatorKey),
      environment: () => ({ SLACK_API_URL: apiUrl }),
      log,
    });
    const requestUrl = cloud.outputs['BotUrl'] ?? '';
    const sender = { clock, signingSecret, requestUrl: () => requestUrl, lastRequest: {} };
    const deal = createEnvelopes(sender, log);
    connection = await connect({ apiUrl, appToken: tokens.app, deal, log });
    return { cloud, team, channel, operatorKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
