// A small Slack workspace on this machine: channels, a few people, one installed app, and a page that shows it.
// `npm start`, the demo and the tests start it. Each action of a person on the page is also a function here.
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { noPersistence, type Persistence } from '../persistence.ts';
import { createUserActions } from './events/user-actions.ts';
import type { UserActions } from './events/user-actions.ts';
import { createFiles } from './store/files.ts';
import type { FileInfo } from './store/files.ts';
import type { Channel } from './store/channels.ts';
import { channelOf } from './store/conversations.ts';
import type { Installation, Log, Organization } from './store/installation.ts';
import { readManifest } from './store/manifest.ts';
import { methods } from './api/methods.ts';
import { people, personOf } from './store/people.ts';
import type { Person } from './store/people.ts';
import { createRates } from './store/rates.ts';
import { createRefusals } from './store/refusals.ts';
import type { HowToRefuse } from './store/refusals.ts';
import { repeatRequest } from './events/send-request.ts';
import type { Answer, SentRequest } from './store/last-request.ts';
import { listen, serve } from './server/server.ts';
import { createWorkspace } from './store/state.ts';
import type { Message } from './store/message.ts';
import type { Home, View } from './blocks/view.ts';
import type { WorkflowSource } from './store/workflow.ts';

export type { Answer, Channel, Home, Message, Person, View, WorkflowSource };

export interface SlackOptions {
  /** Port on 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  /** Source of every timestamp, also in signatures. */
  readonly clock: Clock;
  /** Path of the app's manifest. */
  readonly manifest: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** The first channel is the default of every action and of every test setting. */
  readonly channels: readonly [Channel, ...Channel[]];
  /** The address for commands and interactions, read at each request. */
  readonly requestUrl: () => string;
  /** A sentence about the app, which the page shows at its top: `The market is simulated.` */
  readonly about?: string;
  /** Whether a slash command makes requests; if not, executions that start elsewhere do. By default true. */
  readonly startsByCommand?: boolean;
  /** Source of the panel beside the channel; without it there is no panel. */
  readonly workflow?: WorkflowSource;
  /** Saves the state between restarts; by default nothing is saved. */
  readonly persistence?: Persistence;
  readonly log: Log;
}

/** A direct message of the app to one person, with the content of its files. */
export interface DirectMessage extends Message {
  readonly files: readonly (FileInfo & { readonly content: Buffer })[];
}

export interface Slack extends UserActions {
  /** Address of the page. */
  readonly url: string;
  /** Address of the Web API, for the option `slackApiUrl` of Slack's SDK. */
  readonly apiUrl: string;
  readonly people: readonly Person[];
  /** The app's Home as published for that person. Undefined until the app publishes it. */
  home(person: string): Home | undefined;
  /** The modal that is open for that person. Undefined if none is open. */
  modal(person: string): View | undefined;
  /** Sends a request to the app again, by default the last one, as Slack may. The answer is not shown. */
  redeliver(request?: SentRequest): Promise<Answer>;
  /** The last command, press, submission or event that was sent to the app. */
  lastRequest(): SentRequest | undefined;
  /** The messages of all channels that every member sees, threads included, oldest first. */
  messages(): readonly Message[];
  /** The messages of the person's channels, and those only for this person in any channel. */
  seenBy(person: string): readonly Message[];
  /** The direct messages between that person and the app, threads included, oldest first. */
  directMessages(person: string): readonly DirectMessage[];
  /** Sets the members of a user group. Deletes the group if the list is undefined. */
  setGroup(id: string, members: readonly string[] | undefined): void;
  /** The person leaves the channel. Tests can still act for the person. */
  leave(person: string, channel?: string): void;
  /** Deactivates the account. Tests can still act for the person, as a remaining session may. */
  deactivate(person: string): void;
  /** Sets the time zone in the person's profile, such as `Australia/Sydney`. Default: UTC. */
  setTimeZone(person: string, timeZone: string): void;
  /** Activates the account again. */
  reactivate(person: string): void;
  /** Somebody deletes the message. If it has replies, a note that it was deleted stays in its place, as in Slack. */
  deleteMessage(ts: string): void;
  /** Archives the channel, or restores it. */
  setArchived(archived: boolean, channel?: string): void;
  /** Removes the app from the channel, as if the channel were public or private. Undefined invites the app again. */
  removeApp(from: 'public' | 'private' | undefined, channel?: string): void;
  /** Slack refuses the app's direct messages to that person with this error, until the error is undefined. */
  refuseDirectMessages(person: string, error: string | undefined): void;
  /**
   * Makes every call of that method of the Web API fail with this error, until `stopFailing`. `ratelimited` is HTTP 429
   * with `Retry-After`, as from Slack; `no_answer` closes the connection without an answer.
   */
  refuse(method: string, error: string, how?: HowToRefuse): void;
  stopFailing(method: string): void;
  /** From now on, Slack refuses messages with a block of these types, such as `data_visualization`. */
  refuseBlocks(types: readonly string[]): void;
  /** From now on, `auth.test` answers as in an Enterprise Grid organization. Undefined: in none. */
  joinOrganization(part: Organization | undefined): void;
  /**
   * Applies Slack's rate limits: a message a second in a channel, with a burst of this size after a quiet time, and
   * fifty updates a minute.
   */
  keepRates(burst: number): void;
  close(): Promise<void>;
}

export async function startSlack(options: SlackOptions): Promise<Slack> {
  const manifest = readManifest(await readFile(options.manifest, 'utf8'));
  const server = await listen(options.port);
  const { persistence = noPersistence } = options;
  const workspace = createWorkspace(options.clock, options.channels, persistence);
  const url = `http://127.0.0.1:${portOf(server)}`;
  const files = createFiles(persistence);
  const refusals = createRefusals();
  const lastRequest = {};
  const rates = createRates(options.clock);
  const installation: Installation = {
    ...options,
    manifest,
    workspace,
    url,
    lastRequest,
    files,
    refusals,
    rates,
    organization: {},
    saved: persistence.saved,
  };
  const userActions = createUserActions(installation);
  serve(server, installation, userActions);
  return {
    url,
    apiUrl: `${url}/api/`,
    people,
    ...userActions,
    lastRequest: () => installation.lastRequest.sent,
    redeliver: (request) => repeatRequest(installation, request),
    messages: () => workspace.messages(),
    seenBy: (person) => workspace.seenBy(person),
    directMessages: (person) =>
      workspace.directMessages(person).map((message) => ({
        ...message,
        files: (message.files ?? []).map((each) => ({
          ...each,
          content: files.find(each.id)?.content ?? Buffer.alloc(0),
        })),
      })),
    home: (person) => workspace.home(person),
    modal: (person) => workspace.modal(person),
    setGroup: (id, members) => {
      if (!/^S[A-Z0-9]+$/.test(id)) throw new Error(`A user group's id begins with S, not ${id}`);
      workspace.setGroup(
        id,
        members?.map((each) => personOf(each).id),
      );
    },
    leave: (person, channel) => workspace.leave(personOf(person).id, channelOf(options, channel).id),
    deactivate: (person) => workspace.deactivate(personOf(person).id),
    setTimeZone: (person, timeZone) => workspace.setTimeZone(personOf(person).id, timeZone),
    reactivate: (person) => workspace.reactivate(personOf(person).id),
    deleteMessage: (ts) => {
      if (!workspace.find(ts)) throw new Error(`There is no message ${ts} to delete`);
      workspace.delete(ts);
    },
    setArchived: (archived, channel) => workspace.setArchived(archived, channelOf(options, channel).id),
    removeApp: (from, channel) => workspace.setAppRemoved(from, channelOf(options, channel).id),
    refuseDirectMessages: (person, error) => workspace.setDirectMessageError(personOf(person).id, error),
    refuse: (method, error, how) => {
      if (!Object.hasOwn(methods, method)) throw new Error(`There is no method ${method} here to refuse`);
      refusals.refuse(method, error, how);
    },
    stopFailing: (method) => refusals.stopFailing(method),
    refuseBlocks: (types) => refusals.refuseBlocks(types),
    joinOrganization: (part) => void (installation.organization.part = part),
    keepRates: (burst) => rates.keep(burst),
    close: () => close(server),
  };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The local Slack listens on no port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    // Otherwise the event streams of connected pages would keep the server from closing.
    server.closeAllConnections();
  });
}
