// Simulates outages of a service: calls by functions fail, calls by operators do not. Tests start and end outages; the
// authorizer checks for them.
import { AwsError } from './operations.ts';

export interface Outages {
  /** Makes functions' calls to the service (`dynamodb`, `states`, `SNS`) fail with `error` until `stopFailing`. */
  refuse(service: string, error?: string): void;
  stopFailing(service: string): void;
  /** Throws the error during an outage of the service. */
  check(service: string): void;
}

export function createOutages(): Outages {
  const away = new Map<string, string>();
  return {
    refuse: (service, error = 'ServiceUnavailable') => void away.set(service, error),
    stopFailing: (service) => void away.delete(service),
    check(service) {
      const error = away.get(service);
      // The default error is a server error. All others are the caller's.
      const status = error === 'ServiceUnavailable' ? 503 : 400;
      if (error) throw new AwsError(error, `${service} is away.`, status);
    },
  };
}
