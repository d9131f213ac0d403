// A Lambda function that can read the Slack app's secret, and has the name of the approvals table in its environment.
// The bot, the request function, relay-result and the reconciler are Slack functions.
import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { ApprovalStorage } from './approval-storage.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';

/** Props that every function needs to call Slack. */
export interface SlackAccess {
  readonly secret: Secret;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
  readonly storage: ApprovalStorage;
}

type SlackFunctionProps = Pick<
  BundledFunctionProps,
  'entry' | 'timeoutSeconds' | 'memory' | 'concurrency' | 'isScheduled'
> &
  SlackAccess;

export class SlackFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { secret, slackApiUrl, storage, ...props }: SlackFunctionProps) {
    super(scope, id, {
      ...props,
      usesSlack: true,
      environment: {
        APPROVALS_TABLE: storage.approvals.tableName,
        SLACK_SECRET_ARN: secret.secretArn,
        SLACK_API_URL: slackApiUrl,
      },
    });
    this.allow(['secretsmanager:GetSecretValue'], secret.secretArn);
  }
}

/** Creates the secret empty. The operator sets its value later, so that the value is never in a template. */
export function slackSecret(scope: Construct, secretName: string): Secret {
  return new Secret(scope, 'SlackSecret', {
    secretName,
    description: 'JSON: {"botToken":"xoxb-…","signingSecret":"…"} of the Slack app',
    secretStringValue: SecretValue.unsafePlainText('{}'),
  });
}
