// The function that posts approval requests to Slack, and its queue. `SlackApprovals` creates one `RequestFunction`.
import type { Construct } from 'constructs';
import { peopleRules } from './people-rules.ts';
import type { ApprovalSettings } from './settings.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import type { StateMachines } from './state-machines.ts';
import { WorkQueue } from './work-queue.ts';

interface RequestFunctionProps extends SlackAccess {
  readonly settings: ApprovalSettings;
  readonly stateMachines: StateMachines;
}

export class RequestFunction extends SlackFunction {
  /**
   * Queue of requests. A state sends `{Input, TaskToken, ExecutionId, EnteredTime, TimeoutSeconds, RetryCount}` to it
   * and waits.
   */
  readonly requests: WorkQueue;

  constructor(scope: Construct, id: string, { settings, stateMachines, ...access }: RequestFunctionProps) {
    super(scope, id, { ...access, entry: 'functions/request-approval.lambda.ts', timeoutSeconds: 20 });
    this.setVariable('CHANNEL', settings.channel);
    this.setVariable('APPROVERS', settings.approvers.join(','));
    this.setVariable('TIERS', JSON.stringify(settings.tiers));
    this.setVariable('PEOPLE_RULES', peopleRules(settings));
    this.setVariable('STARTED_OUTSIDE_SLACK', settings.startedOutsideSlack);
    this.setVariable('ESCALATION', JSON.stringify(escalationRules(settings)));
    this.setVariable('STATE_MACHINE_ARNS', stateMachines.list());
    this.setVariable('CONFIRM_FROM_USD', String(settings.confirmFromUsd));
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

/** Returns `EscalationRules` of `domain/escalation-schedule.ts`. 0 percent means that the step is never run. */
function escalationRules({ remindAtPercent, escalateAtPercent, escalateTo }: ApprovalSettings): object {
  return {
    remindAt: remindAtPercent / 100 || undefined,
    escalateAt: escalateAtPercent / 100 || undefined,
    escalateTo,
  };
}
