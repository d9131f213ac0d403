// The bot: the function behind the Function URL that Slack calls. `SlackApprovals` creates one.
import { Stack, Token } from 'aws-cdk-lib';
import { type Code, FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DECIDED_INDEX, OPEN_INDEX } from '../aws/names/indexes.ts';
import { functionUrlProblem } from './function-url-regions.ts';
import type { Policies } from './policies.ts';
import type { StageSettings } from './settings.ts';
import { type SlackAccess, SlackFunction } from './slack-function.ts';
import type { StateMachines } from './state-machines.ts';

export interface BotProps
  extends SlackAccess, Pick<StageSettings, 'invokeMode' | 'maxRequestsPerHour' | 'botConcurrency'> {
  /** Name of the slash command, the same as in the app's manifest. */
  readonly command: string;
  /** Code of a workflow's own bot. Undefined: the bot of approvals alone. */
  readonly botCode: Code | undefined;
  readonly stateMachines: StateMachines;
  readonly policies: Pick<Policies, 'approvers'>;
  /** The rules about people, as JSON. */
  readonly rules: string;
}

export class Bot extends SlackFunction {
  /** Function URL of the bot: the request URL of the Slack app. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: BotProps) {
    const { secret, slackApiUrl, storage, invokeMode } = props;
    // A person waits for the answer, so the bot has four times the default memory. Lambda scales CPU with memory, so the
    // bot needs about a quarter of the CPU's time, for the same cost.
    super(scope, id, {
      secret,
      slackApiUrl,
      storage,
      entry: props.botCode ?? 'bot/bot.lambda.ts',
      timeoutSeconds: 10,
      memory: 1024,
      concurrency: props.botConcurrency,
    });
    storage.grantApprovals(this, OPEN_INDEX, DECIDED_INDEX);
    storage.grantAuditReadWrite(this);
    // The bot starts executions for the resubmit button, and for the workflow's own commands.
    props.stateMachines.allow(this, {
      machines: ['states:SendTaskSuccess', 'states:StartExecution'],
      executions: ['states:DescribeExecution', 'states:StopExecution'],
    });
    this.setVariable('APPROVERS', props.policies.approvers.join(','));
    this.setVariable('STATE_MACHINE_ARNS', props.stateMachines.list());
    this.setVariable('PEOPLE_RULES', props.rules);
    this.setVariable('MAX_REQUESTS_PER_HOUR', String(props.maxRequestsPerHour));
    this.setVariable('COMMAND', props.command);
    this.setVariable('INVOKE_MODE', invokeMode);
    const { url } = this.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode[invokeMode],
    });
    this.url = url;
    const { region } = Stack.of(this);
    // The region of a stack for any region is unknown here. `npm run deploy` checks it.
    const problem = Token.isUnresolved(region) ? undefined : functionUrlProblem(region);
    if (problem) this.node.addValidation({ validate: () => [problem] });
  }
}
