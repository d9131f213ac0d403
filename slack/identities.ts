// Looks up the name, the e-mail address and the time zone of a person in Slack. Code that writes entries of the audit
// calls it, and the listener that stores settings. Both go on without them if Slack does not return them in time.
import type { WebClient } from '@slack/web-api';
import { createIdentity, type Identity } from '../domain/identity.ts';

/**
 * Returns the person's name, e-mail address and time zone, or undefined if the lookup failed or took longer than two seconds. It
 * never throws. @param user Slack user id
 */
export type IdentityOf = (user: string, slack: WebClient) => Promise<Identity | undefined>;

/** Longest time that an entry waits for the lookup. Counted from the start of the call, so a second caller waits no longer than the first. */
const MAX_WAIT_MS = 2_000;

const CACHE_TTL_MS = 60 * 60_000;

/** After a failure there is no further call for this person for this time, so that an outage does not delay each entry. */
const FAILURE_TTL_MS = 60_000;

/** Bounds the cache of a process that lives for hours. */
const MAX_PEOPLE = 1_000;

interface Cached {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly answer: ReturnType<IdentityOf>;
}

/** Calls users.info at most once per person and hour, or once per minute after a failure. Concurrent calls for the same person send one request. */
export function cachedIdentities(now: () => Date): IdentityOf {
  const cache = new Map<string, Cached>();
  const keep = (user: string, answer: ReturnType<IdentityOf>, ttl: number): void => {
    // A map lists its keys in the order of insertion, so the first one is the oldest.
    cache.delete(user);
    const [oldest] = cache.keys();
    if (oldest !== undefined && cache.size >= MAX_PEOPLE) cache.delete(oldest);
    cache.set(user, { expiresAt: now().getTime() + ttl, answer });
  };
  return (user, slack) => {
    const cached = cache.get(user);
    if (cached && now().getTime() < cached.expiresAt) return cached.answer;
    const lookup = fetchIdentity(user, slack);
    const answer = withinTime(lookup);
    // Until Slack has answered, the lookup counts as failed. An answer that arrives after the limit is kept too.
    keep(user, answer, FAILURE_TTL_MS);
    void lookup.then((found) => found && keep(user, Promise.resolve(found), CACHE_TTL_MS));
    return answer;
  };
}

/** For code whose client may not be available, because its token cannot be read. */
export function identitiesFrom(
  slack: () => Promise<WebClient>,
  now: () => Date,
): (user: string) => ReturnType<IdentityOf> {
  const identityOf = cachedIdentities(now);
  return (user) =>
    slack().then(
      (client) => identityOf(user, client),
      () => undefined,
    );
}

/** Undefined if Slack returned no user, whatever the reason. */
async function fetchIdentity(user: string, slack: WebClient): Promise<Identity | undefined> {
  try {
    const { user: found } = await slack.users.info({ user });
    if (!found) return undefined;
    const { profile, real_name: name, tz } = found;
    // A person of another workspace may have a name in the profile only. Slack may return null and empty strings:
    // https://docs.slack.dev/reference/methods/users.info#profile
    // Slack returns the address only to apps with the scope users:read.email, and leaves it out otherwise:
    // https://docs.slack.dev/reference/scopes/users.read.email
    // `tz` is a name of the IANA database: https://docs.slack.dev/reference/objects/user-object
    return createIdentity(profile?.real_name || name, profile?.email, tz);
  } catch {
    return undefined;
  }
}

function withinTime(lookup: ReturnType<IdentityOf>): ReturnType<IdentityOf> {
  const { promise, resolve } = Promise.withResolvers<Identity | undefined>();
  const timer = setTimeout(() => resolve(undefined), MAX_WAIT_MS);
  void lookup.then((found) => {
    clearTimeout(timer);
    resolve(found);
  });
  return promise;
}
