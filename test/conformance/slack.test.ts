// Tests `npm run conformance -- --slack` as a process, with the local Slack over HTTP. A proxy before it answers like
// Slack where the local Slack answers more simply.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { home, messages, modals } from '../../conformance/gallery/exhibits.ts';
import { differences } from '../../conformance/slack/differences.ts';
import { app, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const PROGRAM = fileURLToPath(new URL('../../conformance/run.ts', import.meta.url));

let workspace: SlackWorkspace;

beforeEach(async () => {
  workspace = await openSlackWorkspace();
});
afterEach(() => workspace.slack.close());

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-conformance-'));
  const env = {
    PATH: process.env['PATH'],
    SLACK_BOT_TOKEN: app.botToken,
    SLACK_API_URL: workspace.slack.apiUrl,
    ...environment,
  };
  const child = spawn(process.execPath, [PROGRAM, '--slack', ...args], { cwd, env });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { out, err, code, lines: out.split('\n') };
}

/** The address of a Slack that answers what `change` makes of the local Slack's answers to a method. */
async function changing(method: string, change: (answer: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      const { url = '', headers } = request;
      const body = await text(request);
      const answer = await fetch(new URL(url.split('/').at(-1) ?? '', workspace.slack.apiUrl), {
        method: 'POST',
        body,
        headers: {
          'content-type': headers['content-type'] ?? 'application/x-www-form-urlencoded',
          authorization: headers.authorization ?? '',
        },
      });
      const answered = await answer.text();
      response.setHeader('content-type', 'application/json');
      response.end(url.endsWith(method) ? change(answered) : answered);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
}

describe('--slack', () => {
  it('posts every message, Home and the blocks of the modals, finds them the same, and removes the messages', async () => {
    const { code, lines, err } = await run(['--channel', CHANNEL, '--person', 'U0BEN']);
    const all = Object.keys(messages).length + Object.keys(modals).length + 1;
    expect({ code, err, summary: lines.at(-2) }).toEqual({
      code: 0,
      err: '',
      summary: `${all} same, 0 differ, 0 skipped`,
    });
    expect(workspace.slack.messages()).toEqual([]);
    expect(workspace.slack.home('U0BEN')?.blocks).toMatchObject([
      { text: { text: 'Open the Messages tab, then open Home again.' } },
    ]);
  });

  it('names the person and the channel in place of those of the gallery', async () => {
    const names = JSON.stringify([messages['answer: started'], messages['message: pending'], home]);
    expect(names).toMatch(/C0TRADING.*U0ANA/);
    let posted = '';
    const url = await changing('conversations.replies', (answer) => (posted = answer));
    const { code } = await run(['--channel', CHANNEL, '--person', 'U0DANA', '--only', 'pending'], {
      SLACK_API_URL: url,
    });
    expect([code, /U0(ANA|BEN|CHLOE)/.test(posted), posted.includes('U0DANA')]).toEqual([0, false, true]);
  });

  it('skips Home and the modals if no person is named', async () => {
    const { code, lines } = await run(['--channel', CHANNEL, '--only', 'modal']);
    expect([code, lines.at(-2)]).toEqual([0, `0 same, 0 differ, ${Object.keys(modals).length} skipped`]);
  });

  it('reports what Slack refuses, and exits with 1', async () => {
    workspace.slack.refuse('views.publish', 'view_too_large', { times: 1 });
    const { code, out } = await run(['--channel', CHANNEL, '--person', 'U0ANA', '--only', 'home']);
    expect(code).toBe(1);
    expect(out).toContain('DIFFERS  home\n           refused: view_too_large\n');
  });

  it('reports what Slack changes, loses or adds, and exits with 1', async () => {
    const url = await changing('conversations.replies', (answer) =>
      answer.replaceAll('"Approve"', '"Approved"').replaceAll('"style":"primary"', '"size":"large"'),
    );
    const { code, out } = await run(['--channel', CHANNEL, '--only', 'message: reminded'], {
      SLACK_API_URL: url,
    });
    expect(code).toBe(1);
    expect(out).toMatch(/DIFFERS {2}message: reminded\n/);
    expect(out).toMatch(/changed \/blocks\/\d+\/elements\/0\/text\/text: "Approve" → "Approved"/);
    expect(out).toMatch(/lost \/blocks\/\d+\/elements\/0\/style: "primary"/);
    expect(out).toMatch(/added \/blocks\/\d+\/elements\/0\/size: "large"/);
    expect(workspace.slack.messages()).toEqual([]);
  });

  it('removes what it posted, although Slack stops answering in between', async () => {
    workspace.slack.refuse('conversations.replies', 'fatal_error');
    const { code, err } = await run(['--channel', CHANNEL, '--only', 'reply: filled']);
    expect([code, err.split('\n')[0]]).toEqual([1, 'An API error occurred: fatal_error']);
    expect(workspace.slack.messages()).toEqual([]);
  });

  it('says so if messages could not be removed', async () => {
    workspace.slack.refuse('chat.delete', 'cant_delete_message');
    const { out } = await run(['--channel', CHANNEL, '--only', 'reply: filled']);
    expect(out).toContain(
      '2 messages could not be removed. Delete them by hand, in the thread “Conformance of Countersign',
    );
  });

  it.each([
    [[], {}, '--slack needs the id of a channel, and the app must be in it: --channel C0123456789'],
    [
      ['--channel', 'trading'],
      {},
      '--slack needs the id of a channel, and the app must be in it: --channel C0123456789',
    ],
    [
      ['--channel', CHANNEL, '--person', 'ben'],
      {},
      '--person must be the id of a person, which is under ⋮ in their profile: --person U012AB3CD',
    ],
    [
      ['--channel', CHANNEL],
      { SLACK_BOT_TOKEN: '' },
      /^SLACK_BOT_TOKEN is not set\. Copy the bot token from /,
    ],
    [
      ['--channel', CHANNEL],
      { SLACK_BOT_TOKEN: 'xoxb-wrong' },
      /^Slack rejected the bot token \(invalid_auth\)\. .* Then run npm run setup\./,
    ],
    [['--channel', 'C0ELSEWHERE'], {}, /^Slack has no channel C0ELSEWHERE/],
    [['--aws'], {}, 'Pass one of --endpoint, --aws and --slack.'],
  ])('refuses %j %j and says what to do', async (args, environment, message) => {
    const { code, err } = await run(args, environment);
    expect(code).toBe(1);
    expect(err.split('\n')[0]).toMatch(message);
  });
});

describe('differences', () => {
  const button = { type: 'button', text: { type: 'plain_text', text: 'A & B' }, value: '1' };

  it('are not ids, defaults, entities and the brackets around a link', () => {
    const sent = {
      text: 'https://example.com/?a=1&b=2',
      blocks: [{ type: 'input', element: button }],
    };
    const answered = {
      text: '<https://example.com/?a=1&amp;b=2>',
      blocks: [
        {
          type: 'input',
          block_id: 'x',
          optional: false,
          element: {
            ...button,
            action_id: 'y',
            text: { ...button.text, text: 'A &amp; B', emoji: true, verbatim: false },
          },
        },
      ],
    };
    expect(differences(sent, answered, '')).toEqual([]);
  });

  it.each<[unknown, unknown, string]>([
    ['a', 'b', 'changed /x: "a" → "b"'],
    ['a', undefined, 'lost /x: "a"'],
    [[1], [1, 2], 'changed /x: 1 items → 2 items'],
    [[1], 'a', 'changed /x: [1] → "a"'],
    [{ a: 1 }, 'a', 'changed /x: {"a":1} → "a"'],
    [{ a: 1 }, { a: 1, b: true }, 'added /x/b: true'],
    [true, false, 'changed /x: true → false'],
    [
      '<https://example.com|here>',
      '<https://example.com>',
      'changed /x: "<https://example.com|here>" → "<https://example.com>"',
    ],
  ])('of %j and %j: %s', (sent, answered, expected) => {
    expect(differences(sent, answered, '/x')).toEqual([expected]);
  });
});
