// The link to an execution in the AWS console. Messages and lists have it next to the name of the execution.

/**
 * Hosts of the AWS console by partition:
 * https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html,
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/configure-account.html,
 * https://docs.amazonaws.cn/en_us/IAM/latest/UserGuide/id_users_sign-in.html
 */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-cn': 'console.amazonaws.cn',
};

/** Of the local cloud. AWS has no such account. */
const LOCAL_ACCOUNT = '000000000000';

/** Link to the execution in the AWS console; none if it is not in AWS, or the console's host is not known. */
export function executionLinks(executionArn: string): readonly string[] {
  const [, partition = '', , region, account] = executionArn.split(':');
  const host = CONSOLES[partition];
  if (!host || account === LOCAL_ACCOUNT) return [];
  const regional = partition === 'aws' ? `${region}.${host}` : host;
  return [
    `<https://${regional}/states/home?region=${region}#/v2/executions/details/${executionArn}|Execution>`,
  ];
}
