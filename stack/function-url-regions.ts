// Finds out whether a region has Lambda Function URLs, without which Slack cannot reach the bot. The bot's construct
// and the preflight of `npm run deploy` call it.

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
const WITHOUT_FUNCTION_URLS = [
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
];

/**
 * Whole partitions without Function URLs:
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-lambda.html,
 * https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html
 */
const PARTITIONS = /^(us-gov|cn)-/;

/** Returns the problem and its remedy, or undefined if the region has Function URLs. */
export function functionUrlProblem(region: string): string | undefined {
  if (!WITHOUT_FUNCTION_URLS.includes(region) && !PARTITIONS.test(region)) return undefined;
  return `Lambda has no Function URLs in ${region}, so Slack could not reach the bot. Deploy to another region, for example eu-central-1.`;
}
