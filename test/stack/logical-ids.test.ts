// A snapshot of the logical ids of what the package's constructs create. CloudFormation replaces a resource whose id
// changes: a table would be empty, and what waits would be lost.
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Alarms, PublishResult, RequestApproval, SlackApprovals } from 'countersign';
import { expect, it } from 'vitest';

it('changes no logical id: a changed id is a major version and needs a line in the changelog', () => {
  // The bundles do not change an id.
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stack = new Stack(app, 'App');
  const props = { stage: 'prod', policies: { default: { channel: 'C0OPS', approvers: ['U0BEN'] } } };
  const approvals = new SlackApprovals(stack, 'Approvals', props);
  const ask = new RequestApproval(stack, 'Ask', { approvals });
  const stateMachine = new StateMachine(stack, 'StateMachine', {
    definitionBody: DefinitionBody.fromChainable(
      ask.next(new PublishResult(stack, 'Publish', { approvals })),
    ),
  });
  approvals.addStateMachine(stateMachine);
  expect(new Alarms(stack, 'Alarms', 'prod').topic).toBeDefined();

  const { Resources, Outputs } = Template.fromStack(stack).toJSON() as Record<string, Record<string, any>>;
  const resources = Object.entries(Resources ?? {}).map(([id, { Type }]) => `${Type} ${id}`);
  const outputs = Object.keys(Outputs ?? {}).map((id) => `Output ${id}`);
  expect([...resources, ...outputs].toSorted().join('\n')).toMatchSnapshot();
});
