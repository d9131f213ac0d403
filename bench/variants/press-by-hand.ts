// Handles a press by hand, without Bolt. It makes the same checks as Countersign, and answers at the same moment.
// `floor.ts` and `with-sdk.ts` create it, and pass how they call AWS.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Writable } from 'node:stream';
import { post, slackAgent } from './post.ts';

interface FunctionUrlEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Calls an operation of AWS with a JSON input, and returns the output. */
type Call = (
  service: 'dynamodb' | 'secretsmanager' | 'states',
  operation: 'GetSecretValue' | 'SendTaskSuccess' | 'UpdateItem',
  input: object,
) => Promise<any>;

const { env } = process;

export function pressByHand(call: Call) {
  const secret = call('secretsmanager', 'GetSecretValue', { SecretId: env['SLACK_SECRET_ARN'] }).then(
    ({ SecretString }) => JSON.parse(SecretString),
  );
  return awslambda.streamifyResponse(async (event: FunctionUrlEvent, stream: Writable): Promise<void> => {
    const reply = (statusCode: number) =>
      void awslambda.HttpResponseStream.from(stream, { statusCode }).end('\n');
    const body = Buffer.from(event.body, 'base64');
    const { signingSecret, botToken } = await secret;
    if (!isFromSlack(event.headers, body, signingSecret)) return reply(401);
    const press = JSON.parse(new URLSearchParams(body.toString()).get('payload') ?? '');
    const { execution, id } = JSON.parse(press.actions[0].value);
    const [by, at] = [press.user.id, new Date().toISOString()];
    const { Attributes } = await call('dynamodb', 'UpdateItem', vote(execution, id, by, at, press));
    const output = { outcome: 'approved', by, at, id, votes: [{ by, at }] };
    const taskToken = Attributes.taskToken.S;
    await call('states', 'SendTaskSuccess', { taskToken, output: JSON.stringify(output) });
    reply(200);
    const update = { channel: press.channel.id, ts: press.message.ts, text: `Approved by <@${by}>` };
    await post(`${env['SLACK_API_URL']}chat.update`, slackAgent, JSON.stringify(update), {
      'content-type': 'application/json; charset=utf-8',
      authorization: `Bearer ${botToken}`,
    });
  });
}

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
function isFromSlack(headers: FunctionUrlEvent['headers'], body: Buffer, signingSecret: string): boolean {
  const timestamp = headers['x-slack-request-timestamp'];
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false;
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body);
  const [given, own] = [
    Buffer.from(headers['x-slack-signature'] ?? ''),
    Buffer.from(`v0=${hmac.digest('hex')}`),
  ];
  return given.length === own.length && timingSafeEqual(given, own);
}

/** The write of `aws/votes.ts` for a vote that decides. */
function vote(execution: string, id: string, by: string, at: string, press: any): object {
  const text = (S: string) => ({ S });
  const now = Date.parse(at);
  const step = { M: { action: text('approved'), by: text(by), at: text(at) } };
  return {
    TableName: env['APPROVALS_TABLE'],
    Key: { execution: text(execution), id: text(id) },
    UpdateExpression:
      'SET votes.#by = :vote, outstanding = outstanding - :one, #status = :outcome, decision = :decision, decidedIn = :month, decidedAt = :at, revision = revision + :one, nextCheckAt = :immediately, history = list_append(history, :steps), pressedAt.#by = :actionTs ADD triggers :triggers',
    ConditionExpression:
      'attribute_exists(id) AND #status = :pending AND deadline > :earliest AND NOT contains(triggers, :trigger) AND (attribute_not_exists(pressedAt.#by) OR pressedAt.#by < :actionTs) AND contains(effectiveApprovers, :by) AND NOT contains(requesters, :by) AND attribute_not_exists(votes.#by) AND attribute_not_exists(amendments) AND approversResolvedAt > :oldest AND outstanding = :one',
    ExpressionAttributeNames: { '#status': 'status', '#by': by },
    ExpressionAttributeValues: {
      ':pending': text('pending'),
      ':earliest': text(new Date(now + 5_000).toISOString()),
      ':oldest': text(new Date(now - 900_000).toISOString()),
      ':immediately': text(new Date(0).toISOString()),
      ':one': { N: '1' },
      ':by': text(by),
      ':at': text(at),
      ':month': text(at.slice(0, 7)),
      ':vote': { M: { at: text(at) } },
      ':outcome': text('approved'),
      ':decision': { M: { outcome: text('approved'), by: text(by), at: text(at) } },
      ':steps': { L: [step] },
      ':actionTs': text(press.actions[0].action_ts),
      ':trigger': text(press.trigger_id),
      ':triggers': { SS: [press.trigger_id] },
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
