// A request: what people are asked to approve. The workflow creates the request, and the Slack message shows it. Any
// version may change these texts, so the state that carries out the action compares terms instead: `terms.ts`.

/** One labelled value of a request. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** When the value was true, ISO 8601. Slack shows this time in the reader's time zone. */
  readonly at?: string | undefined;
  /** An https address to which the value links. */
  readonly url?: string | undefined;
  /** True if the fact says what would follow. The message shows it until the request is declined, expires, or has a result. */
  readonly untilResult?: boolean | undefined;
}

export interface Link {
  readonly label: string;
  /** An https address. */
  readonly url: string;
}

/** A picture at an https address that Slack can read. */
export interface Picture {
  readonly url: string;
  /** What the picture shows, for people who do not see it. */
  readonly alt: string;
}

/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** One finite number for each label of the chart. */
  readonly values: readonly number[];
}

/** A line chart, such as the error rate in the last hour. All lines have the same points. */
export interface Chart {
  readonly title: string;
  /** The points, from left to right, such as `14:03`. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** The unit of all values, such as `errors a minute`. */
  readonly unit?: string | undefined;
}

export interface Request {
  /** The action, in the imperative: `Deploy checkout 2.14.0`. */
  readonly title: string;
  /** The amount at stake in USD, which determines the policy. Absent if there is no amount. */
  readonly amount?: number | undefined;
  /** The label of the amount in the message, such as `Total at most`. Default: `Total`. */
  readonly amountLabel?: string | undefined;
  readonly facts: readonly Fact[];
  /** Why the action is proposed, in one sentence. */
  readonly reason: string;
  /** Addresses with more about the request, such as the build. */
  readonly links?: readonly Link[] | undefined;
  /** Lines that are shown as they are, such as a plan or a diff. */
  readonly code?: string | undefined;
  readonly picture?: Picture | undefined;
  /** Shown while people decide. */
  readonly chart?: Chart | undefined;
  /** A note that a person typed. */
  readonly note?: string | undefined;
  /** Slack user id of the person whom the input names as requester. Nothing has verified the name. */
  readonly requester?: string | undefined;
}

/** A request as a state sends it. */
export interface ApprovalRequest extends Request {
  /** The terms that people approve, as any JSON value of at most 4,096 bytes. People do not see it. See `terms.ts`. */
  readonly terms?: unknown;
  /** Until when people may decide, ISO 8601. It counts if it is earlier than the timeout of the state. */
  readonly deadline?: string | undefined;
}
