// A variant without Bolt and the SDK, as a lower bound for the time of a press. The bench builds it. It uses only
// Node's modules and shows how much time the work itself takes.
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:https';
import { credentials, signatureOf } from '../signature.ts';

const agent = new Agent({ keepAlive: true });
const { env } = process;

interface FunctionUrlEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const handler = async (event: FunctionUrlEvent) => {
  const form = Buffer.from(event.body, 'base64').toString();
  const timestamp = event.headers['x-slack-request-timestamp'];
  const digest = createHmac('sha256', env['SLACK_SIGNING_SECRET'] ?? '')
    .update(`v0:${timestamp}:${form}`)
    .digest('hex');
  if (event.headers['x-slack-signature'] !== `v0=${digest}`) return { statusCode: 401 };
  const { user, channel, message } = JSON.parse(new URLSearchParams(form).get('payload') ?? '');
  await resume({ outcome: 'approved', by: user.id });
  const update = { channel: channel.id, ts: message.ts, text: `Approved by <@${user.id}>` };
  await post(`${env['SLACK_API_URL']}chat.update`, JSON.stringify(update), {
    'content-type': 'application/json; charset=utf-8',
    authorization: `Bearer ${env['SLACK_BOT_TOKEN']}`,
  });
  return { statusCode: 200 };
};

async function resume(output: object): Promise<void> {
  const url = env['AWS_ENDPOINT_URL_SFN'] ?? '';
  const body = JSON.stringify({ taskToken: env['TASK_TOKEN'], output: JSON.stringify(output) });
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${credentials.region}/states/aws4_request`;
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    host: new URL(url).host,
    'x-amz-date': date,
    'x-amz-target': 'AWSStepFunctions.SendTaskSuccess',
  };
  const names = Object.keys(headers);
  const signature = signatureOf({ method: 'POST', path: '/', headers, body }, names, scope);
  const credential = `Credential=${credentials.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  await post(url, body, { ...headers, authorization });
}

function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(url))));
    });
    sent.on('error', reject).end(body);
  });
}
