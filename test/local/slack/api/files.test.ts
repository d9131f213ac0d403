// Tests file uploads by the real client and by hand, refused uploads, and who may download a file.
import type { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { startWithApp } from '../../../support/start-tiny-app.ts';

const scopes = ['chat:write', 'files:write', 'im:write'];
const channel = 'C0TRADING';
const csv = 'order,symbol\n1,AMZN\n2,Zürich €\n';

async function announce(client: WebClient, length: number, filename = 'orders.csv') {
  const { upload_url = '', file_id = '' } = await client.files.getUploadURLExternal({ filename, length });
  return { url: upload_url, id: file_id };
}

describe('file uploads', () => {
  it('of the client become a message with the unchanged file for that person', async () => {
    const { slack, client } = await startWithApp({ scopes });
    const dm = (await client.conversations.open({ users: 'U0ANA' })).channel?.id ?? '';
    const { ts = '' } = await client.chat.postMessage({ channel: dm, text: 'Your report' });

    await client.files.uploadV2({
      channel_id: dm,
      thread_ts: ts,
      initial_comment: '*Yesterday*',
      filename: 'orders.csv',
      title: 'Orders',
      content: csv,
    });

    const [, shared] = slack.directMessages('U0ANA');
    expect(shared).toMatchObject({
      bot: 'Countersign',
      text: '*Yesterday*',
      threadTs: ts,
      files: [{ id: expect.stringMatching(/^F/), name: 'orders.csv', title: 'Orders', size: 34 }],
    });
    expect(shared?.files[0]?.content.toString('utf8')).toBe(csv);
    expect(slack.messages()).toEqual([]);
  });

  // https://docs.slack.dev/reference/methods/files.getUploadURLExternal
  it('may send raw bytes and several files in one message, and none without a channel', async () => {
    const { slack, client } = await startWithApp({ scopes });
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => announce(client, bytes.length)));
    if (!one || !two || !three) throw new Error('three were announced');
    for (const { url } of [one, two, three])
      expect((await fetch(url, { method: 'POST', body: bytes })).status).toBe(200);

    await client.files.completeUploadExternal({
      files: [{ id: one.id }, { id: two.id }],
      channel_id: channel,
    });
    await client.files.completeUploadExternal({ files: [{ id: three.id, title: 'Kept' }] });

    expect(slack.messages()).toMatchObject([
      {
        text: '',
        files: [
          { id: one.id, title: 'orders.csv', size: 5 },
          { id: two.id, title: 'orders.csv', size: 5 },
        ],
      },
    ]);
  });

  it('are refused if the file was not announced, has another size, or is sent twice', async () => {
    const { client, slack, events } = await startWithApp({ scopes });
    const { url, id } = await announce(client, 5);
    const send = async (to: string, body: string) => (await fetch(to, { method: 'POST', body })).status;

    expect(await send(`${url}x`, 'abcde')).toBe(400);
    expect(await send(url, 'abc')).toBe(400);
    expect(await send(url, 'abcde')).toBe(400);
    expect(events.at(-1)).toMatchObject({ event: 'upload_refused' });
    await expect(
      client.files.completeUploadExternal({ files: [{ id }], channel_id: channel }),
    ).rejects.toMatchObject({ data: { error: 'file_not_found' } });
    expect(slack.messages()).toEqual([]);
  });

  it.for<[string, Record<string, unknown>, string, string?]>([
    ['files.getUploadURLExternal', { filename: 'x', length: 0 }, 'missing_argument'],
    [
      'files.getUploadURLExternal',
      { filename: 'x', length: '1.5' },
      'invalid_arguments',
      'must provide an integer [json-pointer:/length]',
    ],
    [
      'files.completeUploadExternal',
      { files: [] },
      'invalid_arguments',
      'no less than 1 items allowed [json-pointer:/files]',
    ],
    ['files.completeUploadExternal', { files: [{ id: 'F0' }] }, 'file_not_found'],
  ])('with %s and %j are refused: %s', async ([method, sent, error, complaint]) => {
    const { client } = await startWithApp({ scopes });

    await expect(client.apiCall(method, sent)).rejects.toMatchObject({
      data: { error, ...(complaint && { errors: [complaint] }) },
    });
  });

  // https://github.com/slackapi/bolt-js/issues/2115
  it('are shared once, if the app uses the id of the conversation', async () => {
    const { client, slack } = await startWithApp({ scopes });
    const { url, id } = await announce(client, 5);
    await fetch(url, { method: 'POST', body: 'abcde' });
    const share = (fields: object) =>
      client.apiCall('files.completeUploadExternal', { files: [{ id }], ...fields });

    await expect(share({ channel_id: 'U0ANA' })).rejects.toMatchObject({
      data: {
        error: 'invalid_arguments',
        errors: ['input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$ [json-pointer:/channel_id]'],
      },
    });
    await expect(share({ channel_id: 'C0ELSEWHERE' })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
    await expect(share({ channel_id: channel, thread_ts: '1.000001' })).rejects.toMatchObject({
      data: { error: 'thread_not_found' },
    });
    await share({ channel_id: channel });
    await expect(share({ channel_id: channel })).rejects.toMatchObject({ data: { error: 'file_not_found' } });
    expect(slack.messages()).toHaveLength(1);
  });

  it('can be downloaded only by people who see the message', async () => {
    const { client, slack } = await startWithApp({ scopes });
    const dm = (await client.conversations.open({ users: 'U0ANA' })).channel?.id ?? '';
    await client.files.uploadV2({ channel_id: dm, filename: 'Zürich "1".csv', content: csv });
    const [message] = slack.directMessages('U0ANA');
    const download = (person: string) =>
      fetch(`${slack.url}/page/file/${message?.files[0]?.id}?person=${person}`);

    const mine = await download('U0ANA');
    expect(mine.status).toBe(200);
    expect(mine.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Z%C3%BCrich%20%221%22.csv",
    );
    expect(await mine.text()).toBe(csv);
    expect((await download('U0BEN')).status).toBe(404);
  });
});
