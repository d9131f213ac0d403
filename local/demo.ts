// `npm run demo`: plays five requests without a browser: approved, approved by two, declined, expired, and too large
// for anyone to approve. It prints what people type and press, and what Slack shows them. If a request does not end as
// expected, it prints the reason and exits with code 1.
import { fileURLToPath } from 'node:url';
import { contextArguments } from './arguments.ts';
import { line } from './event-line.ts';
import { buttonText, plainBlocks, plainText, type Surroundings } from './plain-text.ts';
import { readableFailure } from './readable-failure.ts';
import { inputsOf } from './slack/blocks/blocks.ts';
import { findButton } from './slack/blocks/find-button.ts';
import type { Message } from './slack/slack.ts';
import { stackOf } from './stack-of.ts';
import { synthesise } from './synthesise.ts';
import { type LogEvent, startWorld, type World } from './world.ts';

const CHANNEL = 'trading';
const assembly = fileURLToPath(new URL('../.local/demo', import.meta.url));
const say = (text: string) => process.stdout.write(`${text}\n`);
const events: string[] = [];
const log = (event: LogEvent) => void events.push(line(event, new Date()));

class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

try {
  const context = contextArguments(process.argv.slice(2));
  say('Synthesising the stack …');
  await synthesise(assembly, context);
  say('Starting …');
  const world = await startWorld({ assembly, port: 0, awsPort: 0, channelName: CHANNEL, log });
  try {
    await approved(world);
    await approvedByTwo(world);
    await declined(world);
    await expired(world);
    await aboveTheLimit(world);
    say('\nAll five requests ended as expected. Try it yourself: npm start');
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
  say('\n1. Approved');
  const message = await ask(world, `/trade ${symbolOf(world)} 10`);
  await press(world, 'Ben', message, 'approve');
  expectMessage(world, message, 'Filled');
  expectReply(world, message, 'Filled');
}

async function approvedByTwo(world: World): Promise<void> {
  say('\n2. Approved by two, because of the amount');
  const message = await ask(world, `/trade ${symbolOf(world)} 500`);
  await press(world, 'Ben', message, 'approve');
  show('The message now:', topOf(world, current(world, message)));
  await press(world, 'Dana', message, 'approve');
  expectMessage(world, message, 'Filled');
  expectReply(world, message, 'Filled');
}

async function declined(world: World): Promise<void> {
  say('\n3. Declined');
  const message = await ask(world, `/trade ${symbolOf(world)}`);
  await press(world, 'Chloe', message, 'decline');
  await submit(world, 'Chloe', { reason: 'Not before earnings' });
  expectMessage(world, message, 'Declined');
  expectReply(world, message, 'Declined');
}

async function expired(world: World): Promise<void> {
  say('\n4. Expired');
  const message = await ask(world, `/trade ${symbolOf(world)} 5`);
  say('\n  Nobody presses a button; the clock moves to the deadline.');
  const deadline = / by <!date\^(\d+)/.exec(message.text)?.[1];
  await world.cloud.advance(Number(deadline) * 1_000 - world.clock.now() + 1_000);
  expectMessage(world, message, 'Expired');
  expectReply(world, message, 'Expired');
}

async function aboveTheLimit(world: World): Promise<void> {
  const { slack, cloud } = world;
  say('\n5. Above the limit');
  const command = `/trade ${symbolOf(world)} 1000000`;
  await slack.say(person(slack, 'Ana'), command);
  say(`\n  Ana types ${command}`);
  await cloud.settled();
  const told = slack.directMessages(person(slack, 'Ana')).at(-1)?.text ?? 'nothing';
  if (!told.includes('Above the USD'))
    throw new StepFailed(`Ana should hear that nobody may approve it; she heard: ${told}`);
  show('The app tells Ana alone:', plainLines(world, told));
}

/** Types the command as Ana, and returns the request that appears in the channel. Throws if none appears. */
async function ask(world: World, command: string): Promise<Message> {
  const { slack, cloud } = world;
  const before = slack.messages().length;
  const { status } = await slack.say(person(slack, 'Ana'), command);
  if (status !== 200) throw new StepFailed(`${command} was answered with ${status}, not 200.`);
  say(`\n  Ana types ${command}`);
  await cloud.settled();
  const message = slack.messages()[before];
  const heard = slack.seenBy(person(slack, 'Ana')).at(-1)?.text ?? 'nothing';
  if (!message || !hasButtons(message))
    throw new StepFailed(`${command} brought no request to the channel. Ana heard: ${heard}`);
  show(`#${CHANNEL} shows:`, plainBlocks(message.blocks ?? [], surroundings(world)));
  return message;
}

async function press(world: World, who: string, message: Message, action: string): Promise<void> {
  const { slack, cloud } = world;
  const { button } = findButton(current(world, message).blocks ?? [], 'message', action, {});
  const { status } = await slack.press(person(slack, who), message.ts, action);
  if (status !== 200) throw new StepFailed(`${who}'s press was answered with ${status}, not 200.`);
  say(`\n  ${who} presses ${buttonText(button)}${button.confirm ? ', and confirms' : ''}`);
  await cloud.settled();
}

async function submit({ slack, cloud }: World, who: string, values: Record<string, string>): Promise<void> {
  const form = slack.modal(person(slack, who));
  if (!form) throw new StepFailed(`No form opened for ${who}.`);
  const entered = inputsOf(form.blocks).map(
    ({ label, element }) => `${label.text}: ${values[element.action_id ?? ''] ?? ''}`,
  );
  const { status } = await slack.submit(person(slack, who), values);
  if (status !== 200) throw new StepFailed(`What ${who} submitted was answered with ${status}, not 200.`);
  say(`  A form opens: ${form.title.text}`);
  say(`  ${who} enters ${entered.join(', ')}, and presses ${form.submit?.text}`);
  await cloud.settled();
}

/** The first symbol that the settings allow. */
function symbolOf({ cloud }: World): string {
  return cloud.outputs['Symbols']?.split(',')[0] ?? '';
}

/** Throws unless the message contains these words and has no buttons. */
function expectMessage(world: World, { ts }: Message, words: string): void {
  const now = world.slack.messages().find((message) => message.ts === ts);
  if (!now?.text.includes(words))
    throw new StepFailed(`The message should say "${words}"; it says: ${now?.text}`);
  if (hasButtons(now)) throw new StepFailed('The message can still be decided, though it is over.');
  show('The message now, without buttons:', topOf(world, now));
}

function expectReply(world: World, { ts }: Message, words: string): void {
  const replies = world.slack.messages().filter((message) => message.threadTs === ts);
  const [reply, ...more] = replies.filter(({ text }) => text.includes(words));
  if (!reply || more.length > 0)
    throw new StepFailed(`The thread should say "${words}" once; it says: ${JSON.stringify(replies)}`);
  show('In its thread:', plainLines(world, reply.text));
}

function hasButtons({ blocks = [] }: Message): boolean {
  return JSON.stringify(blocks).includes('"action_id":"approve"');
}

function current({ slack }: World, { ts }: Message): Message {
  const now = slack.messages().find((message) => message.ts === ts);
  if (!now) throw new StepFailed(`The message ${ts} is gone.`);
  return now;
}

/** The header and the status; the facts below them do not change. */
function topOf(world: World, { blocks = [] }: Message): readonly string[] {
  const facts = blocks.findIndex((block) => block.type === 'section' && block.fields);
  return plainBlocks(blocks.slice(0, facts), surroundings(world));
}

function plainLines(world: World, mrkdwn: string): readonly string[] {
  return plainText(mrkdwn, surroundings(world)).split('\n');
}

function surroundings({ clock }: World): Surroundings {
  return { now: clock.now(), channels: { [stackOf(assembly).channels[0]]: CHANNEL } };
}

function show(where: string, lines: readonly string[]): void {
  say(`\n  ${where}\n${lines.map((each) => `    ${each}`).join('\n')}`);
}

function person(slack: World['slack'], name: string): string {
  const found = slack.people.find((each) => each.name === name);
  if (!found) throw new StepFailed(`Nobody in the local Slack is called ${name}.`);
  return found.id;
}
