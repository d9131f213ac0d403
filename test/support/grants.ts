// The grants of the stack, and a check that a day differs without one of them, or that the stack does not start. Grants
// whose use this machine cannot observe are listed with the reason. Called by the tests of grants.
import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { assemblyWith, type Resources, template } from './changed-assembly.ts';
import { tradingDay } from './trading-day.ts';

/** Grants without which no run on this machine differs, by name. */
export const UNSEEN: readonly { readonly grant: RegExp; readonly reason: string }[] = [
  {
    grant: /Role allows logs:(CreateLogStream|PutLogEvents) on \w+Log$/,
    reason:
      'Lambda writes the log of a function in the name of its role; here its output goes to the terminal.',
  },
  {
    grant: /^TradingWorkflowStateMachineRole allows logs:\w+ on \*$/,
    reason: 'Step Functions delivers its log to CloudWatch by these; here the log goes to the terminal.',
  },
  {
    grant: /^\w*(Failures|Reconcile|Ended|Sweeps)Queue allows sqs:(GetQueueAttributes|GetQueueUrl) on /,
    reason:
      'CDK grants them to EventBridge with each queue that is a target; delivery here is SendMessage alone.',
  },
  {
    grant: /^SlackApprovals(ReportFailureRole|FailuresQueue) allows /,
    reason:
      'The trading workflow reports its failures itself. State machines without `onFailure` need it: test/two-asks.',
  },
  {
    grant:
      /SweepOrdersRole allows (sqs:SendMessage|dynamodb:PutItem|states:DescribeExecution) on |SweepsQueue allows sqs:SendMessage on /,
    reason:
      'It is used only if EventBridge loses an event (test/stories/lost-ends.slow.test.ts), or a function stops before it removes a reservation (test/interleavings).',
  },
  {
    grant: /^SlackApprovalsBotRole allows dynamodb:UpdateItem on TradingWorkflowLedger$/,
    reason:
      'It is used only if an order was filled after the last look, and somebody asks for the positions before the next.',
  },
  {
    grant: /^AlarmsTopic allows sns:Publish on /,
    reason: 'CloudWatch publishes its alarms by it; there are none here.',
  },
  {
    grant: / denies (sqs:\*|sns:Publish|s3:\*) on .* by aws:SecureTransport$/,
    reason: 'It denies requests without TLS. Requests on loopback have no TLS, but count as sent with TLS.',
  },
  {
    grant: / denies s3:PutObject on .* by s3:if-none-match$/,
    reason: 'Only the two functions that copy the audit may put, and both send the header.',
  },
  {
    grant: /^SlackApprovalsRequestApproval\w* allows states:SendTaskSuccess on /,
    reason:
      'It is used only if people decide in the seconds before a state is retried: test/stories/errors-of-queues.test.ts.',
  },
  {
    grant: / allows ssm:GetParametersByPath on /,
    reason:
      'It is used for state machines that only a pattern allows: test/two-asks/by-pattern.slow.test.ts.',
  },
  {
    grant: / denies s3:Replicate(Object|Delete) on /,
    reason: 'The local cloud has no replication.',
  },
  {
    grant: / denies s3:DeleteObjectVersion on /,
    reason: 'Object Lock refuses the same until the retention of a copy ends, seven years later.',
  },
];

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, object>>;
}

type Resource = Resources[string];

export interface Grant {
  readonly name: string;
  /** The template's resources without it. */
  readonly others: Resources;
}

export const grants: readonly Grant[] = Object.entries(template.Resources).flatMap(
  ([id, { Type, Properties }]) => {
    if (Type === 'AWS::Lambda::Permission') return [permission(id, Properties)];
    return /::(Policy|QueuePolicy|TopicPolicy|BucketPolicy)$/.test(Type) ? actionsOf(id) : [];
  },
);

/** Grants without which the day differs. */
export const seen = grants.filter(({ name }) => !UNSEEN.some(({ grant }) => grant.test(name)));

function permission(id: string, { Action, FunctionName }: Resource['Properties']): Grant {
  const { [id]: _permission, ...others } = template.Resources;
  return { name: `anybody is allowed ${Action} on ${named(FunctionName)}`, others };
}

/** A grant is one action of one statement, on one resource. */
function actionsOf(id: string): readonly Grant[] {
  const policy = template.Resources[id];
  if (!policy) return [];
  const { PolicyDocument, Roles, Queues, Topics, Bucket } = policy.Properties;
  const [owner] = Roles ?? Queues ?? Topics ?? [Bucket];
  const single: readonly Statement[] = PolicyDocument.Statement.flatMap((statement: Statement) =>
    [statement.Action]
      .flat()
      .flatMap((Action) =>
        [statement.Resource].flat().map((Resource) => ({ ...statement, Action, Resource })),
      ),
  );
  return single.map((one) => {
    const document = { ...PolicyDocument, Statement: single.filter((other) => other !== one) };
    const rest = { ...policy, Properties: { ...policy.Properties, PolicyDocument: document } };
    const verb = one.Effect === 'Allow' ? 'allows' : 'denies';
    const keys = Object.values(one.Condition ?? {}).flatMap((condition) => Object.keys(condition));
    const when = verb === 'denies' && keys.length > 0 ? ` by ${keys.join(', ')}` : '';
    return {
      name: `${named(owner)} ${verb} ${String(one.Action)} on ${named(one.Resource)}${when}`,
      others: { ...template.Resources, [id]: rest },
    };
  });
}

/** A reference to a resource by the resource's name without CDK's hash; anything else by its texts. */
function named(value: unknown): string {
  if (typeof value === 'string') return value.replace(/[0-9A-F]{8}$/, '');
  return Object.values(value ?? {})
    .map(named)
    .filter((part) => part !== 'Arn')
    .join('');
}

/** What is seen after each event of a whole day, with all grants. */
export type Day = readonly (readonly string[])[];

export async function wholeDay(): Promise<Day> {
  const assembly = assemblyWith(template.Resources);
  const things = await Array.fromAsync(tradingDay(assembly));
  rmSync(assembly, { recursive: true });
  return things;
}

/** Whether the day differs without the grant. It ends at the first difference. */
export async function differs({ others: resources }: Grant, untouched: Day): Promise<boolean> {
  const assembly = assemblyWith(resources);
  try {
    let thing = 0;
    for await (const seenThen of tradingDay(assembly)) {
      if (!isDeepStrictEqual(seenThen, untouched[thing])) return true;
      thing += 1;
    }
    return thing < untouched.length;
  } finally {
    rmSync(assembly, { recursive: true });
  }
}
