// Reads the app's manifest: its slash commands, the bot's name, its scopes and its events. The local Slack reads it once, when
// it starts.
import { parse } from 'yaml';
import { isRecord } from '../blocks/validators.ts';
import { type Person, team } from './people.ts';

export interface Command {
  /** With its slash. */
  readonly name: string;
  readonly description: string;
  readonly usageHint: string;
}

export interface Manifest {
  readonly botName: string;
  readonly commands: readonly Command[];
  /** The text that the page suggests in an empty channel if a command makes requests: the first command with its usage hint. */
  readonly example: string;
  readonly scopes: readonly string[];
  readonly homeTab: boolean;
  /** The events that the app subscribes to. */
  readonly events: readonly string[];
}

/** Parses the YAML text of a manifest: https://docs.slack.dev/reference/app-manifest */
export function readManifest(text: string): Manifest {
  const manifest: unknown = parse(text);
  const botName = at(manifest, 'features', 'bot_user', 'display_name');
  if (typeof botName !== 'string') throw new Error('The manifest names no features.bot_user.display_name');
  const commands = list(at(manifest, 'features', 'slash_commands'));
  return {
    botName,
    commands: commands.flatMap(commandIn),
    example: strings([at(commands[0], 'command'), at(commands[0], 'usage_hint')]).join(' '),
    scopes: strings(list(at(manifest, 'oauth_config', 'scopes', 'bot'))),
    homeTab: at(manifest, 'features', 'app_home', 'home_tab_enabled') === true,
    events: eventsOf(at(manifest, 'settings', 'event_subscriptions')),
  };
}

/** People of other workspaces cannot run the app's commands: https://github.com/slackapi/bolt-python/issues/767 */
export const commandsFor = ({ commands }: Manifest, person: Person | undefined): readonly Command[] =>
  person?.team.id === team.id ? commands : [];

function commandIn(entry: unknown): readonly Command[] {
  const text = (name: string) => strings([at(entry, name)]).join('');
  const name = text('command');
  return name === '' ? [] : [{ name, description: text('description'), usageHint: text('usage_hint') }];
}

function eventsOf(subscriptions: unknown): readonly string[] {
  const events = strings(list(at(subscriptions, 'bot_events')));
  if (events.length > 0 && typeof at(subscriptions, 'request_url') !== 'string')
    throw new Error(
      'The manifest subscribes to events, but not at a settings.event_subscriptions.request_url',
    );
  return events;
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, name) => (isRecord(inside) ? inside[name] : undefined), value);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const strings = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');
