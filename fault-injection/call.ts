// Describes one call that a function makes to Slack or AWS, and names it by operation, table and changed attributes.
// The fault proxy uses it. A new call in the functions' code becomes a new row in the table of `npm run faults`.
import type { IncomingMessage } from 'node:http';

export interface Call {
  /** Name of the function that calls. */
  readonly caller: string;
  /** `slack`, or the AWS service: `dynamodb`, `s3`, `states`, `sns`, `sqs`, `secretsmanager`, `ssm`. */
  readonly service: string;
  /** The operation, with details that distinguish its calls: for DynamoDB the table and the changed attributes. */
  readonly name: string;
  /** Id that the SDK repeats when it retries a call. Undefined for Slack. */
  readonly invocation: string | undefined;
  readonly body: string;
}

export function slackCall(caller: string, method: string, body: string): Call {
  const thread = /thread_ts/.test(body) ? ' in the thread' : '';
  const directly = method.startsWith('chat.') && /(^|&)channel=U/.test(body) ? ' directly' : '';
  return { caller, service: 'slack', name: `${method}${thread}${directly}`, invocation: undefined, body };
}

/** Prefix of the header `x-amz-target` → service. */
const targets: Readonly<Record<string, string>> = {
  AWSStepFunctions: 'states',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  DynamoDB_20120810: 'dynamodb',
};

export function awsCall(caller: string, { headers, url = '' }: IncomingMessage, body: string): Call {
  const [target = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  const form = new URLSearchParams(body);
  const service = targets[target] ?? (target || 'sns');
  const action = operation || form.get('Action') || 'unknown';
  const invocation = String(headers['amz-sdk-invocation-id'] ?? '');
  // The SDK adds the operation to the URL of each request to S3.
  const s3Operation = new URL(url, 'http://localhost').searchParams.get('x-id');
  if (s3Operation !== null) return { caller, service: 's3', name: s3Operation, invocation, body };
  const about = service === 'dynamodb' ? ` ${aboutItem(JSON.parse(body))}` : '';
  return { caller, service, name: `${action}${about}`, invocation, body };
}

interface TableRequest {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
  readonly Key?: Readonly<Record<string, { readonly S?: string }>>;
  readonly Item?: Readonly<Record<string, { readonly S?: string }>>;
}

/** Returns the table, the kind of item (the first word of its id), and the attributes that an update changes. */
function aboutItem(request: TableRequest): string {
  const table =
    /(Approvals|Audit|Ledger)(Table)?[0-9A-F]{8}/.exec(request.TableName)?.[1] ?? request.TableName;
  const { id, account } = request.Key ?? request.Item ?? {};
  const kind =
    id?.S ??
    request.ExpressionAttributeValues?.[':approval']?.S ??
    request.ExpressionAttributeValues?.[':completion']?.S;
  // An item of the ledger has a key such as `paper-order <id>`.
  const word = /^[a-z]+/i.exec(kind ?? '')?.[0] ?? account?.S?.split(' ')[0];
  const changed = request.UpdateExpression ? `: ${changes(request)}` : '';
  return [table, request.IndexName, word].filter(Boolean).join(' ') + changed;
}

function changes({ UpdateExpression = '', ExpressionAttributeNames = {} }: TableRequest): string {
  const clauses = UpdateExpression.replaceAll(/(list_append|if_not_exists)\([^)]*\)/g, '').split(/[\s,=]+/);
  const touched = clauses
    .filter((word) => /^[#a-z]/i.test(word) && !/^(SET|REMOVE|ADD|DELETE)$/.test(word))
    .map((word) =>
      word.replaceAll(/#\w+/g, (name) =>
        (ExpressionAttributeNames[name] ?? '').startsWith('U0')
          ? name
          : (ExpressionAttributeNames[name] ?? name),
      ),
    );
  // Most writes change `revision` and `nextCheckAt`, so these do not distinguish calls.
  const distinctive = [...new Set(touched)].filter((word) => word !== 'revision' && word !== 'nextCheckAt');
  return distinctive.join(', ') || touched.join(', ');
}
