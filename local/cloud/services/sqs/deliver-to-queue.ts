// Delivers a service's message to a queue, if the queue's policy allows it. Topics and rules use it.
import type { CloudContext } from '../../core/context.ts';
import type { Queues } from './queues.ts';

/** @param sourceArn the topic or the rule that causes the delivery */
export type Deliver = (sourceArn: string, queueArn: string, body: string, traceHeader?: string) => void;

export function createDelivery(service: string, { access, log }: CloudContext, queues: Queues): Deliver {
  const principal = `${service}.amazonaws.com`;
  return (sourceArn, queueArn, body, traceHeader) => {
    if (access.may({ principal, action: 'sqs:SendMessage', resource: queueArn, sourceArn }))
      return void queues.send(queueArn, body, { traceHeader });
    log({ source: service, event: 'delivery_refused', from: sourceArn, queue: queues.named(queueArn).name });
  };
}
