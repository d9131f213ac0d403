// What an approver is asked, as data: a workflow makes one of whatever it wants approved. The message shows it, the record
// keeps it, and a state that acts may hold what it is about to do against it.

/** One line of what is proposed. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** When the value was true, ISO 8601: shown in the reader's time zone. */
  readonly at?: string | undefined;
}

export interface PreviousAnswer {
  readonly outcome: 'declined' | 'expired';
  /** Slack user id of who declined. */
  readonly by?: string | undefined;
  /** Why, in their own words. */
  readonly reason?: string | undefined;
}

export interface Request {
  /** What is to be done, in the imperative: `Deploy checkout 2.14.0`. */
  readonly title: string;
  /** What is at stake, in USD, where that can be said: it chooses who must approve. */
  readonly amount?: number | undefined;
  readonly facts: readonly Fact[];
  /** Why it is proposed, a sentence. */
  readonly reason: string;
  /** What the requester wrote beside it. */
  readonly note?: string | undefined;
  /** How the same was answered before, where it is asked again. */
  readonly previousAnswer?: PreviousAnswer | undefined;
  /** Slack user id of who asked; absent where the execution was started outside Slack. */
  readonly requester?: string | undefined;
}
