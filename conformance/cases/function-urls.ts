// Lambda Function URLs: the event that the function gets, and the HTTP response to its answer. Slack calls one.
import { page, snapshot, type Case } from '../case.ts';

const recorded = snapshot('lambda_/test_lambda');

interface Answered {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

async function post(url: string, body?: string | object, type = 'application/json'): Promise<Answered> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const sent = text !== undefined && { body: text, headers: { 'content-type': type } };
  const response = await fetch(url, { method: 'POST', ...sent });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

export const functionUrlCases: readonly Case[] = [
  {
    name: 'an answer without a status is HTTP 200 with its JSON as the body',
    source: recorded,
    async calls(aws) {
      const answers = [{ hello: 'world' }, 3, ['hello', 3, true]];
      const url = aws.name('AnswerUrl');
      const all = await Promise.all(answers.map((answer) => post(url, { answer })));
      return all.map(({ status, body }) => `${status} ${body}`);
    },
    answer: ['200 {"hello":"world"}', '200 3', '200 ["hello",3,true]'],
  },
  {
    name: 'an answer without a status is application/json',
    source: recorded,
    calls: async (aws) => (await post(aws.name('AnswerUrl'), { answer: { hello: 'world' } })).type,
    answer: 'application/json',
  },
  {
    name: 'an answer has the status and headers that the function returns',
    source: page('lambda/latest/dg/urls-invocation.html'),
    calls: (aws) => {
      const answer = { statusCode: 401, headers: { 'content-type': 'text/plain' }, body: 'no' };
      return post(aws.name('AnswerUrl'), { answer });
    },
    answer: { status: 401, type: 'text/plain', body: 'no' },
  },
  {
    name: 'a function that fails is HTTP 502 with Internal Server Error',
    source: recorded,
    async calls(aws) {
      const { status, body } = await post(aws.name('AnswerUrl'), { throws: true });
      return { status, body };
    },
    answer: { status: 502, body: 'Internal Server Error' },
  },
  {
    name: 'a text arrives as text, and a multipart form as base64',
    source: recorded,
    async calls(aws) {
      const url = aws.name('AnswerUrl');
      return [
        (await post(url, 'text', 'text/plain')).body,
        (await post(url, '--x\r\n\r\nbar\r\n--x--\r\n', 'multipart/form-data; boundary=x')).body,
      ];
    },
    answer: ['["text",false]', '["LS14DQoNCmJhcg0KLS14LS0NCg==",true]'],
  },
  {
    name: 'a form of Slack arrives as base64',
    source: 'assumed: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html does not say so',
    calls: async (aws) =>
      (await post(aws.name('AnswerUrl'), 'a=1', 'application/x-www-form-urlencoded')).body,
    answer: '["YT0x",true]',
  },
  {
    name: 'a streamed answer has the status and headers of its prelude, and all its parts',
    source: page('lambda/latest/dg/config-rs-write-functions.html'),
    async calls(aws) {
      const response = await fetch(aws.name('StreamUrl'));
      const { status, headers } = response;
      return [status, headers.get('content-type'), headers.get('x-conformance'), await response.text()];
    },
    answer: [201, 'text/plain', 'streamed', 'one, two'],
  },
];
