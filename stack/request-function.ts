// The function that posts approval requests to Slack, and its queue. `SlackApprovals` creates one `RequestFunction`.
import type { Construct } from 'constructs';
import type { PeopleSettings } from './people-rules.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import type { StateMachines } from './state-machines.ts';
import { WorkQueue } from './work-queue.ts';

interface RequestFunctionProps extends SlackAccess, Pick<PeopleSettings, 'startedOutsideSlack'> {
  readonly stateMachines: StateMachines;
  /** The rules about people, as JSON. */
  readonly rules: string;
}

export class RequestFunction extends SlackFunction {
  readonly requests: WorkQueue;

  constructor(scope: Construct, id: string, props: RequestFunctionProps) {
    const { stateMachines, rules, startedOutsideSlack, ...access } = props;
    super(scope, id, { ...access, entry: 'functions/request-approval.lambda.ts', timeoutSeconds: 20 });
    this.setVariable('PEOPLE_RULES', rules);
    this.setVariable('STARTED_OUTSIDE_SLACK', startedOutsideSlack);
    stateMachines.allowParameters(this);
    access.storage.grantApprovals(this);
    // It fails a waiting state whose request is invalid, or whose amount is above all tiers, and resumes one that was
    // retried after people had decided.
    stateMachines.allow(this, {
      machines: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
      executions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
    });
    this.requests = new WorkQueue(scope, 'Requests', this);
  }
}
