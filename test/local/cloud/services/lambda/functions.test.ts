// Tests functions in the local cloud: environment, clock, cold starts, and requests to their URLs.
import { GetFunctionUrlConfigCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { getAtt, publicUrl, startWorld, workQueue } from '../../../../support/small-stack.ts';

async function urlOf(
  handler: string,
  environment: Readonly<Record<string, string>> = {},
  properties: object = {},
) {
  const world = await startWorld({
    functions: { Bot: handler },
    resources: {
      Bot: {
        Type: '',
        Properties: {
          Environment: { Variables: { STAGE: 'dev', SLACK_API_URL: 'https://slack.com' } },
          ...properties,
        },
      },
      ...publicUrl('Bot'),
    },
    outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
    environment,
  });
  return { ...world, url: world.cloud.outputs['Url'] ?? '' };
}

const echo = `export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`;

describe('a function URL', () => {
  it('sends an event of payload format 2.0', async () => {
    const { url } = await urlOf(echo);
    const headers = { 'X-Slack-Signature': 'v0=1', 'content-type': 'application/json' };
    const event = await (
      await fetch(`${url}slack/events?x=1&x=2&y=%20`, { method: 'POST', headers, body: '{"é":1}' })
    ).json();
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/slack/events',
      rawQueryString: 'x=1&x=2&y=%20',
      headers: { 'x-slack-signature': 'v0=1' },
      requestContext: { http: { method: 'POST', path: '/slack/events', protocol: 'HTTP/1.1' } },
      body: '{"é":1}',
      isBase64Encoded: false,
    });
  });

  it('answers 429 while as many invocations run as the reserved concurrency of the function', async () => {
    const slow = `export const handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { statusCode: 200, body: '' };
    };`;
    const { url } = await urlOf(slow, {}, { ReservedConcurrentExecutions: 2 });
    const answers = await Promise.all([1, 2, 3].map(() => fetch(url)));
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await fetch(url)).status).toBe(200);
  });

  it.each([
    ['application/x-www-form-urlencoded', Buffer.from('text=%2B1')],
    ['application/octet-stream', Buffer.from([0, 255, 128, 10])],
  ])('passes a body of %s as base64, byte for byte', async (type, body) => {
    const { url } = await urlOf(echo);
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    const event: { isBase64Encoded: boolean; body: string } = JSON.parse(await response.text());
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body, 'base64')).toEqual(body);
  });

  it('answers with the status, headers and body of the function', async () => {
    const { url } = await urlOf(
      `export const handler = async () => ({ statusCode: 201, headers: { 'content-type': 'text/plain' }, body: 'é' });`,
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([201, 'text/plain']);
    expect(await response.text()).toBe('é');
  });

  it.each([
    "throw new Error('secret detail');",
    "return { statusCode: 200, cookies: ['a=1'] };",
    "return { statusCode: 200, body: 'YQ==', isBase64Encoded: true };",
  ])('answers 502 if the function does %s', async (body) => {
    const { url } = await urlOf(`export const handler = async () => { ${body} };`);
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
  });

  // Recorded at AWS: see docs/local-emulators.md.
  it.each([
    ["'hello'", 'hello'],
    ['3.1', '3.1'],
    ['true', 'true'],
    ["['hello', 3, true]", '["hello",3,true]'],
    ["{ hello: 'world' }", '{"hello":"world"}'],
  ])('answers 200 if the function returns %s, without a status', async (returned, body) => {
    const { url } = await urlOf(`export const handler = async () => (${returned});`);
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.text()).toBe(body);
  });

  it('returns its settings from GetFunctionUrlConfig', async () => {
    const { url, functions } = await urlOf(echo);
    const { Functions } = await functions.send(new ListFunctionsCommand({}));
    const config = await functions.send(
      new GetFunctionUrlConfigCommand({ FunctionName: Functions?.[0]?.FunctionName }),
    );
    expect(config.FunctionUrl).toBe(url);
  });
});

describe('a function', () => {
  it('learns which package of the runtime this machine lacks', async () => {
    const { url } = await urlOf(`const name = '@aws-sdk/client-no-such';
      export const handler = async () => ({ body: await import(name).catch(({ message }) => message), statusCode: 200 });`);
    expect(await (await fetch(url)).text()).toBe(
      "Lambda's runtime contains @aws-sdk/client-no-such, but this machine does not. Install it in your app: npm install --save-dev @aws-sdk/client-no-such",
    );
  });

  it('with a callback is refused, because Lambda no longer calls it from Node.js 24 on', async () => {
    const { url, events } = await urlOf(
      `export const handler = (event, context, callback) => callback(null, { statusCode: 200 });`,
    );
    expect((await fetch(url)).status).toBe(502);
    expect(events('function_failed')).toMatchObject([
      { errorMessage: 'Not supported by the local cloud: a handler with a callback. Make handler async.' },
    ]);
  });

  it('gets its environment and the variables of Lambda', async () => {
    const { url, cloud } = await urlOf(
      `export const handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });`,
      {
        SLACK_API_URL: 'http://127.0.0.1',
      },
    );
    expect(await (await fetch(url)).json()).toMatchObject({
      STAGE: 'dev',
      SLACK_API_URL: 'http://127.0.0.1',
      AWS_ENDPOINT_URL: cloud.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^FUNCTIONBot[0-9a-f]{32}$/),
      AWS_LAMBDA_FUNCTION_NAME: 'Bot',
    });
  });

  it('runs on the clock of the local world', async () => {
    const { url, cloud, clock } = await urlOf(`export const handler = async (_event, context) => {
      const seen = [Date.now(), new Date().getTime(), new Date(0).getTime(), new Date() instanceof Date];
      return { statusCode: 200, body: JSON.stringify([...seen, context.getRemainingTimeInMillis()]) };
    };`);
    await cloud.advance(86_400_000);
    const before = clock.now();
    const [now, made, epoch, isDate, remaining] = JSON.parse(await (await fetch(url)).text());
    expect(now - before).toBeLessThan(5_000);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(made).toBeGreaterThanOrEqual(now);
    expect([epoch, isDate]).toEqual([0, true]);
    expect(remaining).toBeGreaterThan(1_000);
    expect(remaining).toBeLessThanOrEqual(5_000);
  });

  it('starts cold for each concurrent event and stays warm for the next one', async () => {
    const { url } = await urlOf(`let calls = 0; const id = Math.random();
      export const handler = async () => { await new Promise((done) => setTimeout(done, 200)); calls += 1; return { statusCode: 200, body: JSON.stringify([id, calls]) }; };`);
    const call = async (): Promise<[number, number]> => JSON.parse(await (await fetch(url)).text());
    const [first, second] = await Promise.all([call(), call()]);
    expect(first[0]).not.toBe(second[0]);
    const [id, calls] = await call();
    expect([first[0], second[0]]).toContain(id);
    expect(calls).toBe(2);
  });

  it('calls AWS through the real SDK', async () => {
    const world = await startWorld({
      functions: {
        Caller: `import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
          const client = new SQSClient({});
          export const handler = async () => { console.log((await client.send(new ListQueuesCommand({}))).QueueUrls.length); };`,
      },
      resources: workQueue('Work', 'Caller'),
    });
    const { SendMessageCommand } = await import('@aws-sdk/client-sqs');
    await world.queues.send(
      new SendMessageCommand({ QueueUrl: `${world.cloud.url}/000000000000/Work`, MessageBody: 'go' }),
    );
    await world.cloud.settled();
    expect(world.events('function_logged')).toMatchObject([{ function: 'Caller', line: '2' }]);
  });
});
