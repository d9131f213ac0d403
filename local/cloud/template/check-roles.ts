// Finds roles without a permission that AWS requires before it creates a function, a state machine or an event source
// mapping. `readModel` calls it.
import { createAccess, type Access } from '../services/iam/access.ts';
import type { Model } from './resource-readers.ts';

type Refuse = (finding: string) => void;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const pollerCalls = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

export function checkRoles(model: Omit<Model, 'stackName' | 'outputs' | 'lasting'>, refuse: Refuse): void {
  const access = createAccess(model);
  const assumable = (principal: string, resource: string, sourceArn: string) =>
    access.may({ principal, action: 'sts:AssumeRole', resource, sourceArn });
  for (const { name, arn, role } of model.functions)
    if (!assumable('lambda.amazonaws.com', role, arn))
      refuse(`function ${name}: The role defined for the function cannot be assumed by Lambda.`);
  for (const { name, arn, roleArn } of model.stateMachines)
    if (!assumable('states.amazonaws.com', roleArn, arn))
      refuse(`state machine ${name}: states.amazonaws.com is not authorized to assume the provided role.`);
  for (const source of model.eventSources)
    checkPoller(source, model, access, (finding) =>
      refuse(`event source mapping of ${source.queueArn}: ${finding}`),
    );
}

/** Lambda's poller calls SQS with the function's role. */
function checkPoller(
  { functionName, queueArn }: Model['eventSources'][number],
  { functions }: Pick<Model, 'functions'>,
  access: Access,
  refuse: Refuse,
): void {
  const called = functions.find(({ name }) => name === functionName);
  if (!called) return refuse(`there is no function ${functionName}`);
  for (const call of pollerCalls)
    if (!access.may({ principal: called.role, action: `sqs:${call}`, resource: queueArn }))
      refuse(`The function execution role does not have permissions to call ${call} on SQS`);
}
