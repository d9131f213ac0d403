// Services that are away on demand, for the functions: operators go on seeing what is there. Tests turn them off and on;
// the authorize asks.
import { AwsError } from './operations.ts';

export interface Outages {
  /** From now on every call of that service (`dynamodb`, `states`, `SNS`) by a function fails with this error. */
  refuse(service: string, error?: string): void;
  stopFailing(service: string): void;
  /** Throws the error if that service is away. */
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
