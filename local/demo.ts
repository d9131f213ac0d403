// `npm run demo`: plays five requests without a browser: approved, approved by two, declined, expired, and too large
// for anyone to approve. It prints a line for each step. If a step does not end as expected, it prints the reason and
// exits with code 1.
import { fileURLToPath } from 'node:url';
import { contextArguments } from './arguments.ts';
import { line } from './event-line.ts';
import { readableFailure } from './readable-failure.ts';
import type { Message } from './slack/slack.ts';
import { synthesise } from './synthesise.ts';
import { type LogEvent, startWorld, type World } from './world.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const events: string[] = [];
const log = (event: LogEvent) => void events.push(line(event, new Date()));

class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

try {
  const assembly = fileURLToPath(new URL('../.local/demo', import.meta.url));
  const context = contextArguments(process.argv.slice(2));
  say('Synthesising the stack …');
  await synthesise(assembly, context);
  const world = await startWorld({ assembly, port: 0, awsPort: 0, log });
  try {
    await approved(world);
    await approvedByTwo(world);
    await declined(world);
    await expired(world);
    await aboveTheLimit(world);
    say('\nAll five trips ended as they should.');
  } finally {
    await world.stop();
  }
} catch (error) {
  const reason =
    error instanceof StepFailed
      ? `${error.message}\n\nWhat happened:\n${events.join('\n')}`
      : readableFailure(error);
  process.stderr.write(`\n${reason}\n`);
  process.exitCode = 1;
}

async function approved(world: World): Promise<void> {
  say('\nApproved');
  const message = await ask(world, `/trade ${symbolOf(world)} 10`);
  await press(world, 'Ben', message, 'approve');
  expectMessage(world, message, 'Filled');
  expectReply(world, message, 'Filled');
}

async function approvedByTwo(world: World): Promise<void> {
  say('\nApproved by two');
  const message = await ask(world, `/trade ${symbolOf(world)} 500`);
  await press(world, 'Ben', message, 'approve');
  say(`  the message:    ${lines(world, message)[1]}`);
  await press(world, 'Dana', message, 'approve');
  expectMessage(world, message, 'Filled');
  expectReply(world, message, 'Filled');
}

async function declined(world: World): Promise<void> {
  say('\nDeclined');
  const message = await ask(world, `/trade ${symbolOf(world)}`);
  await press(world, 'Chloe', message, 'decline');
  await submit(world, 'Chloe', { reason: 'Not before earnings' });
  expectMessage(world, message, 'Declined');
  expectReply(world, message, 'Declined');
}

async function expired(world: World): Promise<void> {
  say('\nExpired');
  const message = await ask(world, `/trade ${symbolOf(world)} 5`);
  say('  nobody presses; the clock runs ahead to the deadline');
  const deadline = / by <!date\^(\d+)/.exec(message.text)?.[1];
  await world.cloud.advance(Number(deadline) * 1_000 - world.clock.now() + 1_000);
  expectMessage(world, message, 'Expired');
  expectReply(world, message, 'Expired');
}

async function aboveTheLimit(world: World): Promise<void> {
  const { slack, cloud } = world;
  say('\nAbove the limit');
  const command = `/trade ${symbolOf(world)} 1000000`;
  await slack.say(person(slack, 'Ana'), command);
  say(`  Ana types ${command}`);
  await cloud.settled();
  const told = slack.directMessages(person(slack, 'Ana')).at(-1)?.text ?? 'nothing';
  if (!told.includes('Above the USD'))
    throw new StepFailed(`Ana should hear that nobody may approve it; she heard: ${told}`);
  say(`  to Ana alone:   ${firstLine(told)}`);
}

/** Types the command as Ana, and returns the request that appears in the channel. Throws if none appears. */
async function ask({ slack, cloud }: World, command: string): Promise<Message> {
  const before = slack.messages().length;
  const { status } = await slack.say(person(slack, 'Ana'), command);
  if (status !== 200) throw new StepFailed(`${command} was answered with ${status}, not 200.`);
  say(`  Ana types ${command}`);
  await cloud.settled();
  const message = slack.messages()[before];
  const heard = slack.seenBy(person(slack, 'Ana')).at(-1)?.text ?? 'nothing';
  if (!message || !hasButtons(message))
    throw new StepFailed(`${command} brought no request to the channel. Ana heard: ${heard}`);
  say(`  in the channel: ${firstLine(message.text)}`);
  return message;
}

async function press({ slack, cloud }: World, who: string, { ts }: Message, action: string): Promise<void> {
  const { status } = await slack.press(person(slack, who), ts, action);
  if (status !== 200) throw new StepFailed(`${who}'s press was answered with ${status}, not 200.`);
  say(`  ${who} presses ${action}`);
  await cloud.settled();
}

async function submit({ slack, cloud }: World, who: string, values: Record<string, string>): Promise<void> {
  const { status } = await slack.submit(person(slack, who), values);
  if (status !== 200) throw new StepFailed(`What ${who} submitted was answered with ${status}, not 200.`);
  say(`  ${who} submits ${JSON.stringify(values)}`);
  await cloud.settled();
}

/** The first symbol that the settings allow. */
function symbolOf({ cloud }: World): string {
  return cloud.outputs['Symbols']?.split(',')[0] ?? '';
}

/** Throws unless the message contains these words and has no buttons. */
function expectMessage({ slack }: World, { ts }: Message, words: string): void {
  const now = slack.messages().find((message) => message.ts === ts);
  if (!now?.text.includes(words))
    throw new StepFailed(`The message should say "${words}"; it says: ${now?.text}`);
  if (hasButtons(now)) throw new StepFailed('The message can still be decided, though it is over.');
  say(`  the message:    ${firstLine(now.text)}`);
}

function expectReply({ slack }: World, { ts }: Message, words: string): void {
  const replies = slack.messages().filter((message) => message.threadTs === ts);
  const [reply, ...more] = replies.filter(({ text }) => text.includes(words));
  if (!reply || more.length > 0)
    throw new StepFailed(`The thread should say "${words}" once; it says: ${JSON.stringify(replies)}`);
  say(`  in the thread:  ${firstLine(reply.text)}`);
}

function hasButtons({ blocks = [] }: Message): boolean {
  return JSON.stringify(blocks).includes('"action_id":"approve"');
}

function lines({ slack }: World, { ts }: Message): readonly string[] {
  const now = slack.messages().find((message) => message.ts === ts);
  return now?.text.split('\n').map(firstLine) ?? [];
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1') ?? '';
}

function person(slack: World['slack'], name: string): string {
  const found = slack.people.find((each) => each.name === name);
  if (!found) throw new StepFailed(`Nobody in the local Slack is called ${name}.`);
  return found.id;
}
