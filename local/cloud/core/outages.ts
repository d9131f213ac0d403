// Simulates failures of a service: an outage, in which calls by functions fail and calls by operators do not, or the
// failure of a single call by a state. Tests start and end them; the authorizer and the tasks check for them.
import { AwsError } from './operations.ts';

/** When a call fails: before the service carries it out, or after, so that only the answer is lost. */
export type Moment = 'before' | 'after';

export interface Outages {
  /** Makes functions' calls to the service (`dynamodb`, `states`, `SNS`) fail with `error` until `stopFailing`. */
  refuse(service: string, error?: string): void;
  stopFailing(service: string): void;
  /** Throws the error during an outage of the service. */
  check(service: string): void;
  /** Makes the next call of a state to the service (`SQS`, `SNS`) fail with status 500. Undefined cancels this. */
  failNextTask(service: string, moment: Moment | undefined): void;
  /** Throws the error if this call of a state fails at this moment. */
  checkTask(service: string, moment: Moment): void;
}

export function createOutages(): Outages {
  const away = new Map<string, string>();
  const failing = new Map<string, Moment | undefined>();
  return {
    refuse: (service, error = 'ServiceUnavailable') => void away.set(service, error),
    stopFailing: (service) => void away.delete(service),
    check(service) {
      const error = away.get(service);
      // The default error is a server error. All others are the caller's.
      const status = error === 'ServiceUnavailable' ? 503 : 400;
      if (error) throw new AwsError(error, `${service} is away.`, status);
    },
    failNextTask: (service, moment) => void failing.set(service, moment),
    checkTask(service, moment) {
      if (failing.get(service) !== moment) return;
      failing.delete(service);
      throw new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
    },
  };
}
