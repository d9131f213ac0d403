// Tests that people hear at once which field of their workflow's request is invalid: the state fails, and the failure
// is reported in the channel and to the requester.
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ANA, openDesk, type TradingDesk } from '../support/trading-desk.ts';

const TEMPLATE = 'Countersign-dev.template.json';
let assembly: string;
let desk: TradingDesk;

/** The trading stack whose state sends a request with a fact that has no value. */
function withBrokenWorkflow(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-invalid-'));
  const whole = inject('assembly');
  for (const file of readdirSync(whole))
    if (file !== TEMPLATE) symlinkSync(join(whole, file), join(folder, file));
  const template = JSON.parse(readFileSync(join(whole, TEMPLATE), 'utf8'));
  const resources: { Type: string; Properties: Record<string, string> }[] = Object.values(template.Resources);
  for (const { Type, Properties } of resources) {
    if (Type !== 'AWS::StepFunctions::StateMachine') continue;
    const definition = JSON.parse(Properties['DefinitionString'] ?? '');
    const { MessageBody } = definition.States['Request Human Approval'].Parameters;
    delete MessageBody['Input.$'];
    MessageBody.Input = {
      request: { title: 'Buy 10 AMZN', facts: [{ label: 'Price' }], reason: 'It is cheap.' },
    };
    Properties['DefinitionString'] = JSON.stringify(definition);
  }
  writeFileSync(join(folder, TEMPLATE), JSON.stringify(template));
  return folder;
}

beforeAll(async () => {
  assembly = withBrokenWorkflow();
  desk = await openDesk({ assembly });
});

afterAll(async () => {
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

describe('an invalid request', () => {
  it('fails its execution at once, and the channel and the requester read which field is wrong', async () => {
    await desk.slack.say(ANA, '/trade AMZN 10');
    await desk.cloud.settled();
    const arn = await desk.lastExecution();
    const cause =
      'The workflow sent an invalid request: request.facts.0.value is missing. Nobody was asked; tell your operator.';
    expect(await desk.execution(arn)).toMatchObject({ status: 'FAILED', error: 'InvalidRequest', cause });
    const report = expect.stringContaining(`*Failed.* ${cause} Execution \`${arn.split(':').at(-1)}\`.`);
    expect(desk.posts().map(({ text }) => text)).toEqual([report]);
    expect(desk.slack.directMessages(ANA).map(({ text }) => text)).toEqual([report]);
    await desk.cloud.advance(60 * 60_000);
    expect(desk.posts()).toHaveLength(1);
    expect(desk.events.filter(({ event }) => event === 'message_dead_lettered')).toEqual([]);
  });
});
