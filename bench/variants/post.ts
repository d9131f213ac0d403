// Sends a request with node:https. The variants by hand call it for Slack, and `floor.ts` also for AWS.
import { Agent, request } from 'node:https';

export const slackAgent = new Agent({ keepAlive: true });

export function post(
  url: string | URL,
  agent: Agent,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    sent.on('error', reject).end(body);
  });
}
