// The closed list of what a template may hold: each resource type with the properties that are run here and those
// that cannot matter on this machine. `readModel` refuses all else by name.

interface Supported {
  readonly run: string;
  /** Accepted and without effect here: docs/local-is-not-aws.md says what that means. */
  readonly without: string;
}

/** Names of properties, with a space between. */
export const supported: Readonly<Record<string, Supported>> = {
  'AWS::Lambda::Function': {
    run: 'Code Environment FunctionName Handler MemorySize Role Runtime Timeout',
    without: 'Architectures Description LoggingConfig Tags TracingConfig',
  },
  'AWS::Lambda::Url': { run: 'AuthType InvokeMode TargetFunctionArn', without: '' },
  'AWS::Lambda::Permission': {
    run: '',
    without:
      'Action FunctionName FunctionUrlAuthType InvokedViaFunctionUrl Principal SourceAccount SourceArn',
  },
  'AWS::Lambda::EventSourceMapping': {
    run: 'BatchSize Enabled EventSourceArn FunctionName FunctionResponseTypes MaximumBatchingWindowInSeconds',
    without: 'Tags',
  },
  'AWS::IAM::Role': {
    run: 'RoleName',
    without: 'AssumeRolePolicyDocument Description ManagedPolicyArns Policies Tags',
  },
  'AWS::IAM::Policy': { run: '', without: 'PolicyDocument PolicyName Roles' },
  'AWS::SQS::Queue': {
    run: 'DelaySeconds QueueName RedrivePolicy VisibilityTimeout',
    without:
      'KmsMasterKeyId MessageRetentionPeriod ReceiveMessageWaitTimeSeconds RedriveAllowPolicy SqsManagedSseEnabled Tags',
  },
  'AWS::SQS::QueuePolicy': { run: '', without: 'PolicyDocument Queues' },
  'AWS::SNS::Topic': { run: 'TopicName', without: 'DisplayName KmsMasterKeyId Tags' },
  'AWS::SNS::TopicPolicy': { run: '', without: 'PolicyDocument Topics' },
  'AWS::SNS::Subscription': { run: 'Endpoint Protocol RawMessageDelivery TopicArn', without: '' },
  'AWS::Events::Rule': { run: 'EventPattern Name State Targets', without: 'Description' },
  'AWS::StepFunctions::StateMachine': {
    run: 'DefinitionString DefinitionSubstitutions RoleArn StateMachineName StateMachineType',
    without: 'LoggingConfiguration Tags TracingConfiguration',
  },
  'AWS::DynamoDB::Table': {
    run: 'AttributeDefinitions BillingMode GlobalSecondaryIndexes KeySchema TableName',
    without:
      'DeletionProtectionEnabled PointInTimeRecoverySpecification SSESpecification Tags TimeToLiveSpecification',
  },
  'AWS::SecretsManager::Secret': {
    run: 'GenerateSecretString Name SecretString',
    without: 'Description KmsKeyId Tags',
  },
  'AWS::Logs::LogGroup': { run: 'LogGroupName', without: 'RetentionInDays Tags' },
};

/** What may stand beside a resource's properties. `Condition` may not: there are no conditions here. */
export const resourceAttributes = [
  'Type',
  'Properties',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];

/** The template's sections; parameters and rules are checked by name, only the CDK's bootstrap check may be there. */
export const templateSections = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
];
export const bootstrapNames = ['BootstrapVersion', 'CheckBootstrapVersion'];
