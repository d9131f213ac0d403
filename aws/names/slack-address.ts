// Whether an address belongs to Slack. The stack checks the setting of the Web API's address with it, and the bot each
// address for a private answer. Otherwise the app could send its token, or an answer, to somebody else.

const DOMAINS = ['slack.com', 'slack-gov.com'];

/**
 * @param local true if the Web API is the local Slack. Then addresses on this machine are allowed too.
 */
export function isSlackAddress(address: string, local: boolean): boolean {
  const url = parsed(address);
  if (!url || url.username || url.password) return false;
  if (url.protocol === 'https:')
    return DOMAINS.some((domain) => url.hostname === domain || url.hostname.endsWith(`.${domain}`));
  return local && isLoopback(url);
}

/** Whether the Web API is the local Slack. */
export function isLocalApi(apiUrl: string): boolean {
  const url = parsed(apiUrl);
  return url !== undefined && !url.username && isLoopback(url);
}

/** Not `URL.parse`, which Node.js 20 lacks: the commands of the package run there too. */
function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && hostname === '127.0.0.1';
}
