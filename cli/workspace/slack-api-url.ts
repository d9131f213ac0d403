// Reads the address of Slack's Web API from SLACK_API_URL. `npm start`, setup and deploy call it, because they send
// tokens to this address.
import { isSlackAddress } from '../../aws/names/slack-address.ts';
import { WrongSlack } from './tokens.ts';

/** Returns the address with its closing slash, or `otherwise` if the variable is unset. Throws {@link WrongSlack}. */
export function slackApiUrl({ SLACK_API_URL: given }: NodeJS.ProcessEnv, otherwise: string): string {
  const address = (given || otherwise).replace(/\/?$/, '/');
  if (isSlackAddress(address, true)) return address;
  throw new WrongSlack(
    `SLACK_API_URL is ${address}, which is not an address of Slack. Use https://slack.com/api/ or https://slack-gov.com/api/.`,
  );
}
