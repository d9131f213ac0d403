// A press handled by hand, without Bolt and the SDK: the lower bound for a bot in Node. The bench builds it. It makes
// the same calls as Countersign, and opens its connections early, as `aws/preconnect.ts` does.
import { Agent } from 'node:https';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { credentials, signatureOf } from '../signature.ts';
import { post } from './post.ts';
import { pressByHand } from './press-by-hand.ts';

const { env } = process;
const secureContext = createSecureContext();
const services = {
  secretsmanager: service('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'application/x-amz-json-1.1', 'secretsmanager'),
  dynamodb: service('AWS_ENDPOINT_URL_DYNAMODB', 'application/x-amz-json-1.0', 'DynamoDB_20120810'),
  states: service('AWS_ENDPOINT_URL_SFN', 'application/x-amz-json-1.0', 'AWSStepFunctions'),
};

export const handler = pressByHand(call);

function service(variable: string, type: string, target: string) {
  const url = new URL(env[variable] ?? '');
  const agent = new Agent({ keepAlive: true, secureContext });
  let first: TLSSocket | undefined = connect({
    host: url.hostname,
    port: Number(url.port),
    servername: '',
    secureContext,
  });
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = first;
    first = undefined;
    return socket ?? create(...args);
  };
  return { url, agent, type, target };
}

async function call(name: keyof typeof services, operation: string, input: object): Promise<any> {
  const { url, agent, type, target } = services[name];
  const body = JSON.stringify(input);
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/${credentials.region}/${name}/aws4_request`;
  const headers = {
    'content-type': type,
    host: url.host,
    'x-amz-date': date,
    'x-amz-target': `${target}.${operation}`,
  };
  const names = Object.keys(headers);
  const signature = signatureOf({ method: 'POST', path: '/', headers, body }, names, scope);
  const credential = `Credential=${credentials.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return JSON.parse(await post(url, agent, body, { ...headers, authorization }));
}
