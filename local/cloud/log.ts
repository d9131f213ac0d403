// The shape of one logged event. Every part of the cloud takes a `Log` and reports what happened in the past tense.

export type Log = (event: {
  readonly source: string;
  readonly event: string;
  readonly [field: string]: unknown;
}) => void;
