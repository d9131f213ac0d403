// Parses the message that a waiting state sends to the request queue. request-approval calls it.
import * as v from 'valibot';
import { DEFAULT_POLICY, POLICY_NAME } from '../domain/policy.ts';
import type { Request } from '../domain/request.ts';
import { digestTerms, type Terms } from '../domain/terms.ts';
import { InvalidInput, parse, slackUser } from './parse.ts';

/**
 * The maximum lengths in characters, and the maximum number of facts. People read a request on a phone, and all but
 * extreme requests fit into Slack's 3,000 characters of a section; the views truncate longer texts
 * (`slack/views/limits.ts`). A note may be as long as the longest that a form of this app accepts.
 */
const MAX = {
  title: 150,
  label: 80,
  value: 300,
  facts: 100,
  reason: 1_000,
  note: 500,
  links: 5,
  url: 500,
  code: 2_000,
} as const;

/**
 * What Slack draws: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block. Characters of a title, a
 * unit, a label and a name; points; lines.
 */
const CHART = { title: 50, unit: 50, label: 20, name: 20, points: 20, series: 6 } as const;

/** USD. Far above any real amount, and far below the integers that JSON transports exactly. */
const MAX_AMOUNT = 1e12;

const text = (max: number, example: string) =>
  v.pipe(
    v.string(`must be a text, such as "${example}"`),
    v.maxLength(max, `must be at most ${max.toLocaleString('en-US')} characters`),
  );

const title = v.pipe(
  v.string('must be a text, such as "Deploy checkout 2.14.0"'),
  v.trim(),
  text(MAX.title, 'Deploy checkout 2.14.0'),
  v.regex(/\S/, 'must not be empty'),
  v.regex(/^[^\n\r\u2028\u2029]*$/, 'must be one line'),
);

const NOT_A_TIME = 'must be a time in ISO 8601, such as 2026-11-02T10:00:00Z';

/** False for `2026-02-31`, which JavaScript reads as a day in March, and for an offset that it does not read. */
function isRealTime(at: string): boolean {
  const day = at.slice(0, 10);
  const start = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(at)) && start.toISOString().startsWith(day);
}

const time = v.pipe(
  v.string('must be a text'),
  v.isoTimestamp(NOT_A_TIME),
  v.check(isRealTime, NOT_A_TIME),
  // The views show a time in UTC where Slack does not format it.
  v.transform((at) => new Date(at).toISOString()),
);

/** An address as a browser writes it. A `|` would end the address in a link of Slack. */
const url = v.pipe(
  text(MAX.url, 'https://ci.example.com/builds/42'),
  v.check(isWebAddress, 'must be an address that begins with https:// and has no password'),
  v.transform((address) => new URL(address).href.replaceAll('|', '%7C')),
);

function isWebAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '';
}

const link = v.object(
  { label: v.pipe(text(MAX.label, 'Build 42'), v.regex(/\S/, 'must not be empty')), url },
  'must be an object, such as {"label":"Build 42","url":"https://ci.example.com/builds/42"}',
);

const picture = v.object(
  { url, alt: v.pipe(text(MAX.value, 'Error rate'), v.regex(/\S/, 'must not be empty')) },
  'must be an object, such as {"url":"https://example.com/errors.png","alt":"Error rate"}',
);

const short = (max: number, example: string) =>
  v.pipe(text(max, example), v.regex(/\S/, 'must not be empty'));

const different = (texts: string[]) => new Set(texts).size === texts.length;

const chart = v.pipe(
  v.object(
    {
      title: short(CHART.title, 'Errors in the last hour'),
      unit: v.optional(short(CHART.unit, 'errors a minute')),
      labels: v.pipe(
        v.array(short(CHART.label, '14:03'), 'must be a list, such as ["14:00","14:03"]'),
        v.minLength(1, 'must not be empty'),
        v.maxLength(CHART.points, `must have at most ${CHART.points} entries`),
        v.check(different, 'must not contain a label twice'),
      ),
      series: v.pipe(
        v.array(
          v.object(
            {
              name: short(CHART.name, 'api'),
              values: v.array(v.pipe(v.number('must be a number'), v.finite('must be a number'))),
            },
            'must be an object, such as {"name":"api","values":[2,5]}',
          ),
          'must be a list, such as [{"name":"api","values":[2,5]}]',
        ),
        v.minLength(1, 'must not be empty'),
        v.maxLength(CHART.series, `must have at most ${CHART.series} entries`),
        v.check((all) => different(all.map(({ name }) => name)), 'must not contain a name twice'),
      ),
    },
    'must be an object, such as {"title":"Errors","labels":["14:00","14:03"],"series":[{"name":"api","values":[2,5]}]}',
  ),
  v.check(
    ({ labels, series }) => series.every(({ values }) => values.length === labels.length),
    'must have one value for each label in each series',
  ),
);

const fact = v.object(
  {
    label: text(MAX.label, 'Tests'),
    value: text(MAX.value, '412 passed'),
    at: v.optional(time),
    url: v.optional(url),
    untilResult: v.optional(v.boolean('must be true or false')),
  },
  'must be an object, such as {"label":"Tests","value":"412 passed"}',
);

/** Bytes of canonical JSON. The whole item of an approval has at most 400 KB. */
const MAX_TERMS = 4_096;

const digestedTerms = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return digestTerms(dataset.value);
    } catch {
      // RFC 8785 has no form for infinity, as which JSON.parse reads 1e400, and for half of a surrogate pair.
      addIssue({ message: 'must have only numbers of double precision, and valid Unicode' });
      return NEVER;
    }
  }),
  v.check(
    ({ json }) => Buffer.byteLength(json) <= MAX_TERMS,
    `must be at most ${MAX_TERMS.toLocaleString('en-US')} bytes as JSON`,
  ),
);

/** The state and its policy decide these. */
const byPolicy = v.optional(
  v.never(
    'must not be in a request: the state and its policy decide the channel, the approvers and the timeout',
  ),
);

const requestSchema = v.object({
  channel: byPolicy,
  approvers: byPolicy,
  approvals: byPolicy,
  policy: byPolicy,
  timeoutSeconds: byPolicy,
  title,
  amount: v.optional(
    v.pipe(
      v.number('must be a number in USD, such as 1822.5'),
      v.minValue(0, 'must not be negative'),
      v.maxValue(MAX_AMOUNT, `must be at most ${MAX_AMOUNT.toLocaleString('en-US')}`),
    ),
  ),
  amountLabel: v.optional(v.pipe(text(MAX.label, 'Total at most'), v.regex(/\S/, 'must not be empty'))),
  facts: v.pipe(
    v.array(fact, 'must be a list, such as [{"label":"Tests","value":"412 passed"}]'),
    v.maxLength(MAX.facts, `must have at most ${MAX.facts} entries`),
  ),
  reason: text(MAX.reason, 'All tests passed.'),
  links: v.optional(
    v.pipe(
      v.array(
        link,
        'must be a list, such as [{"label":"Build 42","url":"https://ci.example.com/builds/42"}]',
      ),
      v.maxLength(MAX.links, `must have at most ${MAX.links} entries`),
    ),
  ),
  code: v.optional(v.pipe(text(MAX.code, '+ 3 to add'), v.regex(/\S/, 'must not be empty'))),
  picture: v.optional(picture),
  chart: v.optional(chart),
  deadline: v.optional(time),
  note: v.optional(text(MAX.note, 'Before the holidays')),
  requester: v.optional(slackUser),
  terms: v.optional(digestedTerms),
});

const input = v.looseObject({ request: requestSchema });

/** A changed request must have terms, because an amendment replaces terms. Its deadline stays. */
export const amendedRequest = v.object({
  ...requestSchema.entries,
  deadline: v.optional(
    v.never('must not be in an amendment, because the deadline of a request does not change'),
  ),
  terms: digestedTerms,
});

/** Step Functions allows an execution of at most a year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_TIMEOUT_SECONDS = 31_536_000;

const timeout = v.object({
  TimeoutSeconds: v.pipe(
    v.number('must be the number of seconds that the state waits, such as 900'),
    v.integer('must be a whole number of seconds'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(MAX_TIMEOUT_SECONDS, `must be at most ${MAX_TIMEOUT_SECONDS}`),
  ),
});

const policy = v.object({
  Policy: v.optional(
    v.pipe(
      v.string('must be the name of a policy in lower case, such as "database"'),
      v.regex(POLICY_NAME, 'must be the name of a policy in lower case, such as "database"'),
    ),
    DEFAULT_POLICY,
  ),
});

/** docs/reference/contract.md describes it. */
const version = v.object({
  Version: v.optional(v.literal(1, 'must be 1, the only version of the contract'), 1),
});

const requestMessage = v.object({
  Version: v.optional(v.unknown()),
  Input: v.optional(v.unknown()),
  TimeoutSeconds: v.optional(v.unknown()),
  Policy: v.optional(v.unknown()),
  TaskToken: v.pipe(v.string(), v.nonEmpty()),
  ExecutionId: v.pipe(v.string(), v.startsWith('arn:')),
  EnteredTime: v.pipe(v.string(), v.isoTimestamp()),
  /** How often the state was retried. A state that is never retried need not send it. */
  RetryCount: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});

export type RequestMessage = v.InferOutput<typeof requestMessage>;

/** Throws `InvalidInput` if the message does not come from a waiting state. The request in it may still be invalid. */
export function readRequestMessage(body: unknown): RequestMessage {
  return parse(requestMessage, body);
}

/** The request of a waiting state, its terms, how long the state waits, and the name of its policy. */
export interface Asked {
  readonly request: Request;
  readonly terms: Terms | undefined;
  readonly policy: string;
  readonly timeoutSeconds: number;
  /** Until when people may decide, if the request says so, ISO 8601. */
  readonly deadline: string | undefined;
}

/** Returns what is asked, or which field is invalid, as a sentence that does not contain the value. */
export function readAsked(message: RequestMessage): Asked | { readonly invalid: string } {
  try {
    parse(version, message);
    const { terms, deadline, ...request } = parse(input, message.Input).request;
    const { TimeoutSeconds: timeoutSeconds } = parse(timeout, message);
    return { request, terms, deadline, timeoutSeconds, policy: parse(policy, message).Policy };
  } catch (error) {
    if (error instanceof InvalidInput) return { invalid: error.message };
    throw error;
  }
}
