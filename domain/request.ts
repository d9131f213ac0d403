// A request: what people are asked to approve. The workflow creates the request, and the Slack message shows it. Any
// version may change these texts, so the state that carries out the action compares terms instead: `terms.ts`.

/** One labelled value of a request. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** When the value was true, ISO 8601. Slack shows this time in the reader's time zone. */
  readonly at?: string | undefined;
}

export interface Request {
  /** The action, in the imperative: `Deploy checkout 2.14.0`. */
  readonly title: string;
  /** The amount at stake in USD, which determines the policy. Absent if there is no amount. */
  readonly amount?: number | undefined;
  readonly facts: readonly Fact[];
  /** Why the action is proposed, in one sentence. */
  readonly reason: string;
  /** A note that a person typed. */
  readonly note?: string | undefined;
  /** Slack user id of the person whom the input names as requester. Nothing has verified the name. */
  readonly requester?: string | undefined;
}

/** A request as a state sends it. */
export interface ApprovalRequest extends Request {
  /** The terms that people approve, as any JSON value of at most 4,096 bytes. People do not see it. See `terms.ts`. */
  readonly terms?: unknown;
}
