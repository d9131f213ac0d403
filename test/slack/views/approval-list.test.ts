import { expect, it } from 'vitest';
import { approvalList } from '../../../slack/views/approval-list.ts';
import { approval } from '../../support/approvals.ts';

const textIn = (partition: string, region: string) => {
  const executionArn = `arn:${partition}:states:${region}:123456789012:execution:trading:AMZN-3f9c`;
  return approvalList('Pending', [{ approval: approval({ executionArn }), permalink: undefined }]).text;
};

it.each([
  ['aws', 'eu-central-1', 'eu-central-1.console.aws.amazon.com'],
  ['aws-us-gov', 'us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ['aws-cn', 'cn-north-1', 'console.amazonaws.cn'],
])('approvalList links to the console of partition %s', (partition, region, host) => {
  expect(textIn(partition, region)).toContain(
    `<https://${host}/states/home?region=${region}#/v2/executions/details/arn:${partition}:states:${region}:123456789012:execution:trading:AMZN-3f9c|Execution>`,
  );
});

it('approvalList has no link to a console whose host it does not know', () => {
  expect(textIn('aws-iso', 'us-iso-east-1')).not.toContain('https://');
});

it('approvalList has no link to the console for an execution of the local cloud', () => {
  const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:trading:AMZN-3f9c';
  const list = approvalList('Pending', [{ approval: approval({ executionArn }), permalink: undefined }]);
  expect(list.text).not.toContain('Execution');
});
