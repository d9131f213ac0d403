// One outside call of a function, as the wire sees it go by, and the name it has in the table: what is called, of what,
// and what it changes there. Names are made from the requests themselves, so that a new call in the code is a new row.
import type { IncomingHttpHeaders } from 'node:http';

export interface Call {
  /** Name of the function that calls. */
  readonly caller: string;
  /** `slack`, or the AWS service: `dynamodb`, `states`, `sns`, `sqs`, `secretsmanager`. */
  readonly service: string;
  /** What the row of the table is called, but for the caller. */
  readonly name: string;
  /** The same for each try that the SDK makes of one call. */
  readonly invocation: string | undefined;
  readonly body: string;
}

export function slackCall(caller: string, method: string, body: string): Call {
  const thread = /thread_ts/.test(body) ? ' in the thread' : '';
  const directly = method.startsWith('chat.') && /(^|&)channel=U/.test(body) ? ' directly' : '';
  return { caller, service: 'slack', name: `${method}${thread}${directly}`, invocation: undefined, body };
}

/** What requests call their services, by the start of their target. */
const targets: Readonly<Record<string, string>> = {
  AWSStepFunctions: 'states',
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
};

export function awsCall(caller: string, headers: IncomingHttpHeaders, body: string): Call {
  const [target = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  const form = new URLSearchParams(body);
  const service = targets[target] ?? (target || 'sns');
  const what = operation || form.get('Action') || 'unknown';
  const invocation = String(headers['amz-sdk-invocation-id'] ?? '');
  const about = service === 'dynamodb' ? ` ${aboutItem(JSON.parse(body))}` : '';
  return { caller, service, name: `${what}${about}`, invocation, body };
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

/** The table, the kind of item (the word its id begins with), and the attributes an update touches. */
function aboutItem(request: TableRequest): string {
  const table =
    /(Approvals|Audit|Ledger)(Table)?[0-9A-F]{8}/.exec(request.TableName)?.[1] ?? request.TableName;
  const { id } = request.Key ?? request.Item ?? {};
  const kind =
    id?.S ??
    request.ExpressionAttributeValues?.[':approval']?.S ??
    request.ExpressionAttributeValues?.[':completion']?.S;
  const word = /^[a-z]+/i.exec(kind ?? '')?.[0];
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
  // Most writes touch these too.
  const telling = [...new Set(touched)].filter((word) => word !== 'revision' && word !== 'nextCheckAt');
  return telling.join(', ') || touched.join(', ');
}
