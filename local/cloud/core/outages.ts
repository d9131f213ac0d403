// Simulates outages of a service for the functions; operators still see it. Tests start and end them; the authorizer
// checks for them.
import { AwsError } from './operations.ts';

export interface Outages {
  /** Makes every call of the service (`dynamodb`, `states`, `SNS`) by a function fail with this error, until `stopFailing`. */
  refuse(service: string, error?: string): void;
  stopFailing(service: string): void;
  /** Throws the error if the service is out. */
  check(service: string): void;
}

export function createOutages(): Outages {
  const away = new Map<string, string>();
  return {
    refuse: (service, error = 'ServiceUnavailable') => void away.set(service, error),
    stopFailing: (service) => void away.delete(service),
    check(service) {
      const error = away.get(service);
      if (error) throw new AwsError(error, `${service} is away.`);
    },
  };
}
