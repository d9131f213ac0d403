// Compares the manifest with the code: every registered command, every scope that a call needs, and no other.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { resourcesOf, synthesised } from './support/template.ts';

const manifest = parse(readFileSync('manifest.yml', 'utf8'));
const sources = globSync('{bot,functions,slack}/**/*.ts').map((file) => readFileSync(file, 'utf8'));

/** What each method needs, by its page under https://docs.slack.dev/reference/methods */
const scopes: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'chat.getPermalink': [],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.uploadV2': ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.conversations': ['channels:read', 'groups:read'],
  // The second for `profile.email`: https://docs.slack.dev/reference/scopes/users.read.email
  'users.info': ['users:read', 'users:read.email'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
};

const called = new Set(
  sources.flatMap((source) =>
    [
      ...source.matchAll(
        /\b(?:slack|client|web)\.((?:chat|views|conversations|users|usergroups|files|auth)(?:\.\w+)+)\(/g,
      ),
    ].map(([, method = '']) => method),
  ),
);

describe('manifest', () => {
  it('names the command that the bot is configured with', () => {
    const told = resourcesOf(synthesised(), 'AWS::Lambda::Function').flatMap(
      ({ Properties }) => Properties['Environment']?.Variables.COMMAND ?? [],
    );
    expect(manifest.features.slash_commands.map(({ command }: { command: string }) => command)).toEqual(told);
  });

  it('lists the scopes of every method that the code calls', () => {
    expect([...called].toSorted()).toEqual(Object.keys(scopes).toSorted());
  });

  it('requests the required scopes only, each with a reason', () => {
    const needed = new Set(['commands', ...[...called].flatMap((method) => scopes[method] ?? [])]);
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
    const lines = readFileSync('manifest.yml', 'utf8').split('\n');
    for (const scope of needed) {
      const at = lines.findIndex((line) => line.trim() === `- ${scope}`);
      expect(lines[at - 1]).toMatch(/^\s+# \S/);
    }
  });

  it('of the example differs only in the command', () => {
    const example = parse(readFileSync('examples/deploy-approval/manifest.yml', 'utf8'));
    const slash_commands = [expect.objectContaining({ command: '/approvals', url: expect.anything() })];
    expect(example).toEqual({ ...manifest, features: { ...manifest.features, slash_commands } });
  });

  it('enables interactivity, and contains no real request URL', () => {
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    const addresses = [
      manifest.settings.interactivity.request_url,
      manifest.settings.event_subscriptions.request_url,
      ...manifest.features.slash_commands.map(({ url }: { url: string }) => url),
    ];
    for (const address of addresses) expect(new URL(address).hostname).toMatch(/\.invalid$/);
  });
});
