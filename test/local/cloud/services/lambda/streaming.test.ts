// Tests a function URL that streams: clients get each chunk when it is written, and the function may continue after the
// end of the stream.
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { getAtt, publicUrl, startWorld } from '../../../../support/small-stack.ts';

async function streaming(body: string) {
  const world = await startWorld({
    functions: {
      Bot: `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });
        const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
        const begin = (stream, statusCode) => awslambda.HttpResponseStream.from(stream, { statusCode, headers: { 'x-was': 'here' } });`,
    },
    resources: { Bot: { Type: '', Properties: {} }, ...publicUrl('Bot', 'RESPONSE_STREAM') },
    outputs: { Url: { Value: getAtt('BotUrl', 'FunctionUrl') } },
  });
  return { ...world, url: world.cloud.outputs['Url'] ?? '' };
}

describe('streaming function URL', () => {
  it('answers at the end of the stream while the function continues, and `settled` waits for the function', async () => {
    const { url, cloud, events } = await streaming(
      `const out = begin(stream, 201); out.write('é'); out.end(); await pause(300); console.log('followed');`,
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get('x-was'), await response.text()]).toEqual([
      201,
      'here',
      'é',
    ]);
    expect(events('function_logged')).toEqual([]);
    await cloud.settled();
    expect(events('function_logged')).toMatchObject([{ line: 'followed' }]);
  });

  it('passes each chunk on when it is written', async () => {
    const { url } = await streaming(
      `const out = begin(stream, 200); out.write('one'); await pause(200); out.write('two'); out.end();`,
    );
    const seen: string[] = [];
    const { body } = await fetch(url);
    for await (const chunk of body ?? []) seen.push(Buffer.from(chunk).toString());
    expect(seen).toEqual(['one', 'two']);
  });

  it('sends an empty body at the first write, and no status without a body', async () => {
    const written = await streaming(`const out = begin(stream, 200); out.write(''); out.end();`);
    expect((await fetch(written.url)).status).toBe(200);
    const unwritten = await streaming(`begin(stream, 200).end();`);
    expect((await fetch(unwritten.url)).status).toBe(502);
  });

  it('answers 502 to an error before the first write, and logs an error after the end', async () => {
    const early = await streaming(`throw new Error('early');`);
    expect((await fetch(early.url)).status).toBe(502);
    const late = await streaming(
      `const out = begin(stream, 200); out.write(''); out.end(); throw new Error('late');`,
    );
    expect((await fetch(late.url)).status).toBe(200);
    await late.cloud.settled();
    expect(late.events('function_failed')).toMatchObject([{ errorMessage: 'late' }]);
  });

  it('closes the connection if the stream is not ended', async () => {
    const { url } = await streaming(
      `begin(stream, 200).write('half'); await pause(50); throw new Error('died');`,
    );
    const response = await fetch(url);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('returns its settings from GetFunctionUrlConfig', async () => {
    const { functions } = await streaming('');
    const config = await functions.send(new GetFunctionUrlConfigCommand({ FunctionName: 'Bot' }));
    expect(config.InvokeMode).toBe('RESPONSE_STREAM');
  });
});
