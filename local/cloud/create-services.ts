// Creates the services that the gateway calls and the handlers of their timers. `startCloud` calls it.
import type { CloudContext } from './core/context.ts';
import type { Outages } from './core/outages.ts';
import type { TimerHandlers } from './core/timers.ts';
import type { Services } from './gateway/gateway.ts';
import type { Rules } from './services/eventbridge/event-rules.ts';
import type { Lambda } from './services/lambda/functions.ts';
import type { EventSources } from './services/sqs/event-sources.ts';
import type { Queues } from './services/sqs/queues.ts';
import { stackOperations } from './services/cloudformation/stack-operations.ts';
import { functionOperations } from './services/lambda/function-operations.ts';
import { queueOperations } from './services/sqs/queue-operations.ts';
import { parameterOperations } from './services/ssm/parameter-operations.ts';
import { secretOperations } from './services/secrets-manager/secrets.ts';
import { executionOperations } from './services/step-functions/execution-operations.ts';
import { createInterpreter } from './services/step-functions/interpreter.ts';
import { machineOperations } from './services/step-functions/machine-operations.ts';
import { createTasks } from './services/step-functions/tasks.ts';
import { createTopics } from './services/sns/topics.ts';

export function createServices(
  context: CloudContext,
  lambda: Lambda,
  queues: Queues,
  eventSources: EventSources,
  rules: Rules,
  outages: Outages,
) {
  const topics = createTopics(context, queues);
  const startTask = createTasks(context, lambda, queues, topics, outages);
  const interpreter = createInterpreter(context, startTask, rules.announce);
  const handlers: TimerHandlers = {
    ...interpreter.handlers,
    ...rules.handlers,
    queue_polled: (queueArn) => eventSources.poll(queueArn),
    invocation_timed_out: (invocation) => lambda.timeOut(invocation),
  };
  const services: Services = {
    AWSStepFunctions: { ...machineOperations(context), ...executionOperations(context, interpreter) },
    AmazonSQS: queueOperations(context, queues),
    secretsmanager: secretOperations(context),
    AmazonSSM: parameterOperations(context),
    sns: topics.operations,
    lambda: functionOperations(context),
    cloudformation: stackOperations(context),
  };
  return { services, handlers };
}
