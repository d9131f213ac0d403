// Tests Countersign in a workspace that is reached through Socket Mode: Slack's own client, the deployed bundles, and a
// Slack that speaks the documented envelopes. Lost connections: workspace.slow.test.ts.
import { request as httpRequest } from 'node:http';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ANA, BEN, isFilledOnce, openWorkspace } from '../../support/open-workspace.ts';

describe('workspace', () => {
  it('handles a command, a press and a fill, and sends the answers with the acknowledgements', async () => {
    const opened = await openWorkspace();
    const { slack, ask, sent, acknowledged, workspace } = opened;
    expect(workspace).toMatchObject({ team: 'Local', channel: 'C0TRADING' });
    const request = await ask('/trade AMZN 10');
    expect(await slack.press(BEN, request, 'approve')).toMatchObject({ status: 200, body: '' });
    await isFilledOnce(opened);
    expect(sent.map(({ type }) => type)).toEqual(['slash_commands', 'interactive']);
    expect(acknowledged).toEqual([
      {
        envelope_id: sent[0]?.envelope_id,
        payload: expect.objectContaining({ text: expect.stringContaining('Checking: 10 AMZN') }),
      },
      { envelope_id: sent[1]?.envelope_id, payload: {} },
    ]);
  });

  it('answers operators only with the key of this start, and gives the real secret to nobody but the functions', async () => {
    const { workspace } = await openWorkspace();
    const { url, outputs } = workspace.cloud;
    const as = (accessKeyId: string) => ({
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'any' },
    });
    const list = (key: string) =>
      new SFNClient(as(key)).send(new ListExecutionsCommand({ stateMachineArn: outputs['StateMachineArn'] }));
    for (const key of ['any', 'operator', 'local', 'FUNCTIONSlackApprovalsBot'])
      await expect(list(key)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    expect(await list(workspace.operatorKey)).toMatchObject({ executions: [] });
    const read = new GetSecretValueCommand({ SecretId: outputs['SecretName'] });
    for (const key of ['any', workspace.operatorKey])
      await expect(new SecretsManagerClient(as(key)).send(read)).rejects.toThrow(/token|Only the functions/);
    const { status } = await requestWithHost(url, 'evil.example');
    expect(status).toBe(403);
  });

  it('returns the errors of a form in the acknowledgement and publishes Home', async () => {
    const { slack, acknowledged } = await openWorkspace();
    await slack.say(ANA, '/trade');
    await expect.poll(() => slack.modal(ANA)).toBeDefined();
    await slack.submit(ANA, { symbol: 'AMZN', quantity: '2000000' });
    expect(acknowledged.at(-1)?.payload).toMatchObject({ response_action: 'errors' });
    expect(slack.modal(ANA)).toBeDefined();
    expect(await slack.openHome(ANA)).toMatchObject({ status: 200 });
    expect(slack.home(ANA)).toBeDefined();
    expect(acknowledged.at(-1)?.payload).toEqual({});
  });

  it('handles a repeated envelope once and acknowledges it each time', async () => {
    const opened = await openWorkspace();
    const { slack, ask, sent, send, acknowledged, botInvoked } = opened;
    const request = await ask('/trade AMZN 10');
    await slack.press(BEN, request, 'approve');
    const [command, press] = sent;
    const invoked = botInvoked();
    for (const again of [command, press]) if (again) send(again);
    await expect.poll(() => acknowledged.length).toBe(4);
    expect(acknowledged.slice(2)).toEqual(acknowledged.slice(0, 2));
    await isFilledOnce(opened);
    expect(botInvoked()).toBe(invoked);

    await slack.openHome(ANA);
    const event = sent.at(-1);
    // An event is repeated in a new envelope.
    if (event) send({ ...event, envelope_id: 'another' });
    await expect.poll(() => acknowledged.at(-1)?.envelope_id).toBe('another');
    expect(botInvoked()).toBe(invoked + 1);
  });

  it('does not acknowledge an interaction that the bot refused', async () => {
    const { sent, send, ask, acknowledged, events } = await openWorkspace();
    await ask('/trade AMZN 10');
    const [command] = sent;
    if (command)
      send({ ...command, envelope_id: 'unknown', payload: { ...command.payload, command: '/nothing' } });
    await expect.poll(() => events('envelope_failed')).toHaveLength(1);
    expect(events('envelope_failed')).toEqual([
      expect.objectContaining({ type: 'slash_commands', what: '/nothing', person: ANA, status: 404 }),
    ]);
    if (command) send({ ...command, envelope_id: 'odd', type: 'options' });
    await expect.poll(() => events('envelope_failed')).toHaveLength(2);
    expect(acknowledged).toHaveLength(1);
  });
});

/** A request as a browser makes it after the name of a foreign site was made to lead to this machine. */
function requestWithHost(url: string, host: string): Promise<{ readonly status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', headers: { host } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode });
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}
