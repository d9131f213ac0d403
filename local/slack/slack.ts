// A small Slack workspace on this machine: one channel, a few people, one installed app, a page to see it all.
// Started by whatever runs the local world, and by tests; what a person does on the page can be done here by call.
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { noPersistence, type Persistence } from '../persistence.ts';
import { createUserActions } from './events/user-actions.ts';
import type { UserActions } from './events/user-actions.ts';
import { createFiles } from './store/files.ts';
import type { FileInfo } from './store/files.ts';
import type { Channel, Installation, Log } from './store/installation.ts';
import { readManifest } from './store/manifest.ts';
import { methods } from './api/methods.ts';
import { people, personOf } from './store/people.ts';
import type { Person } from './store/people.ts';
import { createRates } from './store/rates.ts';
import { createRefusals } from './store/refusals.ts';
import type { HowToRefuse } from './store/refusals.ts';
import { repeatRequest } from './events/send-request.ts';
import type { Answer } from './store/last-request.ts';
import { listen, serve } from './server/server.ts';
import { createWorkspace } from './store/state.ts';
import type { Message } from './store/state.ts';
import type { Home, View } from './blocks/view.ts';
import type { WorkflowSource } from './store/workflow.ts';

export type { Answer, Home, Message, Person, View, WorkflowSource };

export interface SlackOptions {
  /** 0 picks a free one; it is listened on at 127.0.0.1 only. */
  readonly port: number;
  /** Every timestamp comes from it, those of signatures too. */
  readonly clock: Clock;
  /** The path of the app's manifest. */
  readonly manifest: string;
  readonly botToken: string;
  readonly signingSecret: string;
  readonly channel: Channel;
  /** Where commands and interactions are sent, asked at each request. */
  readonly requestUrl: () => string;
  /** What the panel beside the channel shows; without it there is no panel. */
  readonly workflow?: WorkflowSource;
  /** What outlives this process; nothing, unless it is given. */
  readonly persistence?: Persistence;
  readonly log: Log;
}

/** What the app wrote to one person directly, with what is in the files. */
export interface DirectMessage extends Message {
  readonly files: readonly (FileInfo & { readonly content: Buffer })[];
}

export interface Slack extends UserActions {
  /** The page. */
  readonly url: string;
  /** The Web API, for `slackApiUrl`. */
  readonly apiUrl: string;
  readonly people: readonly Person[];
  /** The app's Home as it was published for that person. */
  home(person: string): Home | undefined;
  /** The modal open before that person. */
  modal(person: string): View | undefined;
  /** Sends the last command, press, submission or event to the app once more, as Slack may; its answer is shown to nobody. */
  redeliver(): Promise<Answer>;
  /** The channel's messages as everyone sees them, threads included, oldest first. */
  messages(): readonly Message[];
  /** The same with what only that person sees. */
  seenBy(person: string): readonly Message[];
  /** What stands between that person and the app alone, threads included, oldest first. */
  directMessages(person: string): readonly DirectMessage[];
  /** Who is in that user group from now on, people or nobody; without a list there is no such group. */
  setGroup(id: string, members: readonly string[] | undefined): void;
  /**
   * From now on every call of that method of the Web API is refused with this error, whatever it carries. `ratelimited`
   * comes as Slack sends it, HTTP 429 with `Retry-After`; `no_answer` cuts the line without a word.
   */
  refuse(method: string, error: string, how?: HowToRefuse): void;
  /** That method answers for itself again. */
  stopFailing(method: string): void;
  /**
   * From now on Slack's limits of how often are kept: a message a second in a channel, after a quiet time so many at once;
   * fifty updates a minute.
   */
  keepRates(burst: number): void;
  close(): Promise<void>;
}

export async function startSlack(options: SlackOptions): Promise<Slack> {
  const manifest = readManifest(await readFile(options.manifest, 'utf8'));
  const server = await listen(options.port);
  const { persistence = noPersistence } = options;
  const workspace = createWorkspace(options.clock, persistence);
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
    saved: persistence.saved,
  };
  const userActions = createUserActions(installation);
  serve(server, installation, userActions);
  return {
    url,
    apiUrl: `${url}/api/`,
    people,
    ...userActions,
    redeliver: () => repeatRequest(installation),
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
    refuse: (method, error, how) => {
      if (!Object.hasOwn(methods, method)) throw new Error(`There is no method ${method} here to refuse`);
      refusals.refuse(method, error, how);
    },
    stopFailing: (method) => refusals.stopFailing(method),
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
    // The page's event streams would keep it open for ever.
    server.closeAllConnections();
  });
}
