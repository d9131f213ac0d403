// A Slack client with only the methods that a test expects. A call of another method fails the test.
import type { WebClient } from '@slack/web-api';

export function partialSlack(methods: object): WebClient {
  return methods as unknown as WebClient;
}
