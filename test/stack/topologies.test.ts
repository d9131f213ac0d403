// Tests `SlackApprovals` with state machines outside its stack, with several instances, and with more state machines than
// a stack of an example has. docs/guides/state-machines-elsewhere.md explains them.
import { App, type CfnElement, Duration, Fn, Stack, type Environment } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Choice,
  Condition,
  DefinitionBody,
  type IStateMachine,
  Pass,
  StateMachine,
  type StateMachineProps,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { describe, expect, it } from 'vitest';
import { Alarms } from '../../stack/alarms.ts';
import { checkPolicySize } from '../../stack/environment-size.ts';
import { PublishResult } from '../../stack/publish-result.ts';
import { RequestApproval } from '../../stack/request-approval.ts';
import { SlackApprovals } from '../../stack/slack-approvals.ts';
import type { SlackApprovalsProps } from '../../stack/slack-approvals-props.ts';
import { resourcesOf } from '../support/template.ts';

const HERE = { account: '111122223333', region: 'eu-central-1' };
const POLICY = { channel: 'C0OPERATIONS', approvers: ['U0BEN', 'U0CHLOE'] };
const PROPS = { stage: 'ops', policies: { default: POLICY } };
const ARN = 'arn:aws:states:eu-central-1:111122223333:stateMachine:';

const newApp = () => new App({ context: { 'aws:cdk:bundling-stacks': [] } });

function approvalsIn(app: App, env: Environment = HERE, props: Partial<SlackApprovalsProps> = {}) {
  return new SlackApprovals(new Stack(app, 'Operations', { env }), 'Approvals', { ...PROPS, ...props });
}

/** A state machine that asks and publishes. */
function machineIn(
  scope: Stack,
  approvals: SlackApprovals,
  props: Partial<StateMachineProps> = {},
): StateMachine {
  const publish = new PublishResult(scope, 'Publish', { approvals });
  const decided = new Choice(scope, 'Approved?')
    .when(Condition.stringEquals('$.approval.outcome', 'approved'), new Pass(scope, 'Migrate').next(publish))
    .otherwise(publish);
  const definition = new RequestApproval(scope, 'Ask', { approvals }).next(decided);
  return new StateMachine(scope, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(definition),
    ...props,
  });
}

const variablesOf = (template: Template, id: string): Record<string, unknown> =>
  resourcesOf(template, 'AWS::Lambda::Function').find((one) => one.id.includes(id))?.Properties['Environment']
    .Variables;

/** Name of a parameter of Systems Manager → its value. */
const parametersOf = (template: Template): Record<string, unknown> =>
  Object.fromEntries(
    resourcesOf(template, 'AWS::SSM::Parameter').map(({ Properties }) => [
      typeof Properties['Name'] === 'string' ? Properties['Name'] : JSON.stringify(Properties['Name']),
      Properties['Value'],
    ]),
  );

/** Resources of the statements of the bot that allow this action. */
const allowed = (template: Template, action: string): readonly unknown[] =>
  resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ id }) => id.includes('Bot'))
    .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => Resource);

const patternsOf = (template: Template): readonly unknown[] =>
  resourcesOf(template, 'AWS::Events::Rule').flatMap(
    ({ Properties }) => Properties['EventPattern']?.detail.stateMachineArn ?? [],
  );

const publishersOf = (template: Template): Record<string, any> =>
  resourcesOf(template, 'AWS::SNS::TopicPolicy')
    .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement)
    .find(({ Condition: condition }) => condition.ArnNotEquals).Condition;

describe('a state machine with a generated name', () => {
  it('may request approval: everything is derived from its ARN', () => {
    const approvals = approvalsIn(newApp());
    const machine = machineIn(Stack.of(approvals), approvals);
    approvals.addStateMachine(machine);
    const template = Template.fromStack(Stack.of(approvals));
    const id = resourcesOf(template, 'AWS::StepFunctions::StateMachine')[0]?.id;
    expect(allowed(template, 'states:SendTaskSuccess')).toEqual([{ Ref: id }]);
    expect(allowed(template, 'states:StopExecution')).toEqual([
      {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':states:eu-central-1:111122223333:execution:',
            { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: id }] }] },
            ':*',
          ],
        ],
      },
    ]);
    expect(patternsOf(template)).toEqual([{ Ref: id }]);
    expect(variablesOf(template, 'Bot')['STATE_MACHINE_ARNS']).toEqual({ Ref: id });
  });
});

describe('an imported state machine', () => {
  it.each<[string, (stack: Stack) => IStateMachine]>([
    ['by ARN', (stack) => StateMachine.fromStateMachineArn(stack, 'Imported', `${ARN}migration`)],
    ['by name', (stack) => StateMachine.fromStateMachineName(stack, 'Imported', 'migration')],
  ])('may request approval: %s', (_, imported) => {
    const approvals = approvalsIn(newApp());
    approvals.addStateMachine(imported(Stack.of(approvals)));
    const template = Template.fromStack(Stack.of(approvals));
    // CDK writes the partition of `fromStateMachineName` as a pseudo parameter.
    const arn = (text: unknown) =>
      JSON.stringify(text).replace('{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},"', '"arn:aws');
    expect(arn(allowed(template, 'states:SendTaskSuccess'))).toContain(`${ARN}migration`);
    expect(arn(allowed(template, 'states:StopExecution'))).toContain(
      `${ARN.replace('stateMachine', 'execution')}migration:*`,
    );
    expect(arn(patternsOf(template))).toContain(`${ARN}migration`);
  });

  it('may have an ARN that is known only in the deployment', () => {
    const approvals = approvalsIn(newApp());
    const arn = Fn.importValue('MigrationArn');
    approvals.addStateMachine(StateMachine.fromStateMachineArn(Stack.of(approvals), 'Imported', arn));
    const template = Template.fromStack(Stack.of(approvals));
    expect(patternsOf(template)).toEqual([{ 'Fn::ImportValue': 'MigrationArn' }]);
  });

  it('publishes results with a role that has the tag of the stage', () => {
    const approvals = approvalsIn(newApp());
    approvals.addStateMachine(
      StateMachine.fromStateMachineName(Stack.of(approvals), 'Imported', 'migration'),
    );
    expect(publishersOf(Template.fromStack(Stack.of(approvals)))).toMatchObject({
      StringNotEquals: { 'aws:PrincipalTag/countersign:publishes': 'ops' },
    });
  });
});

describe('state machines in other stacks of the app', () => {
  /** Two of them, and their one `SlackApprovals`. */
  function threeStacks(env: Environment) {
    const app = newApp();
    const approvals = approvalsIn(app, env);
    for (const name of ['migration', 'refund']) {
      const stack = new Stack(app, `Team-${name}`, { env });
      approvals.addStateMachine(machineIn(stack, approvals, { stateMachineName: name }));
    }
    return app.synth();
  }

  it.each<[string, Environment]>([
    ['of an account', HERE],
    ['of any account', {}],
  ])('need the stack of the approvals, which needs none of them: %s', (_, env) => {
    const assembly = threeStacks(env);
    const needs = (name: string) =>
      assembly
        .getStackByName(name)
        .dependencies.map(({ id }) => id)
        .filter((id) => !id.endsWith('.assets'));
    expect(needs('Operations')).toEqual([]);
    expect(needs('Team-migration')).toEqual(['Operations']);
    expect(needs('Team-refund')).toEqual(['Operations']);
  });

  it('are allowed by their names', () => {
    const { template } = threeStacks(HERE).getStackByName('Operations');
    const operations = Template.fromJSON(template);
    const arn = (name: string) => ({
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, `:states:eu-central-1:111122223333:stateMachine:${name}`],
      ],
    });
    expect(patternsOf(operations)).toEqual([arn('migration'), arn('refund')]);
    expect(allowed(operations, 'states:StartExecution')).toEqual([arn('migration'), arn('refund')]);
  });

  it('publish results with their own roles, which get the tag of the stage', () => {
    const assembly = threeStacks(HERE);
    const operations = Template.fromJSON(assembly.getStackByName('Operations').template);
    expect(publishersOf(operations)).toMatchObject({
      StringNotEquals: { 'aws:PrincipalTag/countersign:publishes': 'ops' },
    });
    const team = Template.fromJSON(assembly.getStackByName('Team-refund').template);
    const [role] = resourcesOf(team, 'AWS::IAM::Role');
    expect(role?.Properties['Tags']).toEqual([{ Key: 'countersign:publishes', Value: 'ops' }]);
  });
});

describe('many state machines', () => {
  it('need one statement in the policy of the queue of failures', () => {
    const approvals = approvalsIn(newApp());
    for (const name of ['one', 'two', 'three'])
      approvals.addStateMachine(StateMachine.fromStateMachineName(Stack.of(approvals), name, name));
    const template = Template.fromStack(Stack.of(approvals));
    const [allow, ...more] = resourcesOf(template, 'AWS::SQS::QueuePolicy')
      .filter(({ id }) => id.includes('FailuresQueue'))
      .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(more).toEqual([]);
    const [like] = JSON.stringify(allow.Condition.ArnLike['aws:SourceArn']).match(/rule\/[\w-]+/) ?? ['?'];
    const names = resourcesOf(template, 'AWS::Events::Rule').flatMap(
      ({ Properties }) => Properties['Name'] ?? [],
    );
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(`rule/${name}`.startsWith(like)).toBe(true);
  });
});

describe('state machines allowed by a pattern', () => {
  /** The template of approvals for `approve-*`. */
  function patternTemplate(): Template {
    const approvals = approvalsIn(newApp());
    approvals.addStateMachines({ match: 'approve-*' });
    return Template.fromStack(Stack.of(approvals));
  }
  const arn = (resource: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:states:eu-central-1:111122223333:${resource}`]],
  });

  it('may request approval, and their failures are reported', () => {
    const template = patternTemplate();
    expect(allowed(template, 'states:SendTaskSuccess')).toEqual([arn('stateMachine:approve-*')]);
    expect(allowed(template, 'states:DescribeExecution')).toEqual([arn('execution:approve-*:*')]);
    expect(patternsOf(template)).toEqual([{ wildcard: arn('stateMachine:approve-*') }]);
    expect(parametersOf(template)['/countersign/ops/patterns/approve-.']).toEqual({
      'Fn::Join': [
        '',
        [
          '{"stateMachineArn":"arn:',
          { Ref: 'AWS::Partition' },
          ':states:eu-central-1:111122223333:stateMachine:approve-*","policies":["default"]}',
        ],
      ],
    });
  });

  it('publish results with roles that have the tag of the stage', () => {
    expect(publishersOf(patternTemplate())).toMatchObject({
      StringNotEquals: { 'aws:PrincipalTag/countersign:publishes': 'ops' },
    });
  });

  it.each(['*', '', '**', 'approve *', 'approve-?', 'a'.repeat(81), 'approve-**'])(
    'cannot be those that match %o',
    (match) => {
      const approvals = approvalsIn(newApp());
      expect(() => approvals.addStateMachines({ match })).toThrow(
        `The pattern ${JSON.stringify(match)} must have only letters, digits, hyphens, underscores and * (not two * in a row), at most 80 characters, and at least one letter, digit or underscore. For example: approve-*.`,
      );
    },
  );
});

describe('200 state machines', () => {
  it('are too many to be added one by one: the message says what to do', () => {
    const approvals = approvalsIn(newApp());
    for (let at = 0; at < 200; at += 1)
      approvals.addStateMachine(
        StateMachine.fromStateMachineName(Stack.of(approvals), `M${at}`, `approve-${at}`),
      );
    expect(() => Template.fromStack(Stack.of(approvals))).toThrow(
      /^Function \w+ would have environment variables of up to \d{5} bytes, and Lambda allows 4096, because of 200 state machines\. Allow state machines by their names: approvals\.addStateMachines\(\{ match: 'approve-\*' \}\)\.$/,
    );
  });

  it('are too many for a role, too', () => {
    const approvals = approvalsIn(newApp());
    for (let at = 0; at < 200; at += 1)
      approvals.addStateMachine(
        StateMachine.fromStateMachineName(Stack.of(approvals), `M${at}`, `approve-${at}`),
      );
    const { role } = approvals.bot;
    expect(() => checkPolicySize('Bot', role ? [role] : [])).toThrow(
      /^The role of function Bot would have policies of up to \d{5} characters, and IAM allows 10240\. .* approvals\.addStateMachines\(\{ match: 'approve-\*' \}\)\.$/,
    );
  });

  it('need no more than one if a pattern allows them', () => {
    const size = (template: Template, type: string, property: string) =>
      Math.max(
        ...resourcesOf(template, type).map(({ Properties }) => JSON.stringify(Properties[property]).length),
      );
    const approvals = approvalsIn(newApp());
    approvals.addStateMachines({ match: 'approve-*' });
    const template = Template.fromStack(Stack.of(approvals));
    expect(size(template, 'AWS::Lambda::Function', 'Environment')).toBeLessThan(1_500);
    expect(size(template, 'AWS::IAM::Policy', 'PolicyDocument')).toBeLessThan(3_000);
  });

  it.each([30])('%i of them are not too many', (count) => {
    const approvals = approvalsIn(newApp());
    for (let at = 0; at < count; at += 1)
      approvals.addStateMachine(
        StateMachine.fromStateMachineName(Stack.of(approvals), `M${at}`, `approve-${at}`),
      );
    expect(() => Template.fromStack(Stack.of(approvals))).not.toThrow();
  });
});

describe('approvals of a stack without a state machine outside it', () => {
  it('accept results only from the roles that they know', () => {
    const approvals = approvalsIn(newApp());
    approvals.addStateMachine(machineIn(Stack.of(approvals), approvals));
    const { ArnNotEquals, ...others } = publishersOf(Template.fromStack(Stack.of(approvals)));
    expect(ArnNotEquals['aws:PrincipalArn']).toHaveLength(3);
    expect(others).toEqual({});
  });
});

describe('a workflow that publishes the end of its failed executions itself', () => {
  it('gets their events in its own queue, and its function may publish', () => {
    const approvals = approvalsIn(newApp());
    const stack = Stack.of(approvals);
    const onFailure = new Queue(stack, 'OwnFailures');
    const role = new Role(stack, 'CleanUp', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    approvals.addStateMachine(machineIn(stack, approvals, { stateMachineName: 'trades' }), { onFailure });
    approvals.grantPublish(role);
    const template = Template.fromStack(stack);
    const { Properties } =
      resourcesOf(template, 'AWS::Events::Rule').find(({ id }) => id.includes('FailuresOf')) ?? {};
    expect(Properties?.['Targets']).toMatchObject([
      { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^OwnFailures/), 'Arn'] } },
    ]);
    const parameters = Object.entries(parametersOf(template)).filter(([name]) => name.includes('/machines/'));
    expect(JSON.stringify(parameters)).toContain(String.raw`\"ownFailures\":true`);
    const roleArn = { 'Fn::GetAtt': [stack.getLogicalId(role.node.defaultChild as CfnElement), 'Arn'] };
    expect(publishersOf(template)).toMatchObject({
      ArnNotEquals: { 'aws:PrincipalArn': expect.arrayContaining([roleArn]) },
    });
  });
});

describe('approvals of a stage that another app deploys', () => {
  function team() {
    const stack = new Stack(newApp(), 'Team', { env: HERE });
    return { stack, approvals: SlackApprovals.fromStage(stack, 'Approvals', 'ops') };
  }

  it('are found by the parameters that the stage stores', () => {
    const { stack, approvals } = team();
    const timeout = Duration.hours(1);
    const ask = new RequestApproval(stack, 'Ask', { approvals, policy: 'database', timeout });
    const definition = ask.next(new PublishResult(stack, 'Publish', { approvals }));
    const machine = new StateMachine(stack, 'Machine', {
      stateMachineName: 'approve-migration',
      definitionBody: DefinitionBody.fromChainable(definition),
    });
    approvals.addStateMachine(machine);
    const template = Template.fromStack(stack);
    const read = Object.values(template.findParameters('*'))
      .filter(({ Type }) => Type === 'AWS::SSM::Parameter::Value<String>')
      .map(({ Default }) => String(Default))
      .filter((name) => name.startsWith('/countersign/'));
    const owner = approvalsIn(newApp());
    owner.addStateMachines({ match: 'approve-*' });
    expect(read).toHaveLength(3);
    expect(Object.keys(parametersOf(Template.fromStack(Stack.of(owner))))).toEqual(
      expect.arrayContaining(read),
    );
    expect(JSON.stringify(template.findResources('AWS::StepFunctions::StateMachine'))).toContain(
      String.raw`\"Policy\":\"database\"`,
    );
    expect(resourcesOf(template, 'AWS::IAM::Role')[0]?.Properties['Tags']).toEqual([
      { Key: 'countersign:publishes', Value: 'ops' },
    ]);
  });

  it('need a timeout at the state, because their policies are unknown in this app', () => {
    const { stack, approvals } = team();
    expect(() => new RequestApproval(stack, 'Ask', { approvals })).toThrow(
      'Team/Approvals is deployed by another app, so the timeout of its policy default is unknown here. Say how long the state waits, for example timeout: Duration.minutes(15).',
    );
  });
});

describe('several instances in a stack', () => {
  /** Two with their alarms, for two stages. */
  function twoInstances(): Template {
    const stack = new Stack(newApp(), 'Operations', { env: HERE });
    for (const stage of ['ops', 'database']) {
      const approvals = new SlackApprovals(stack, stage, { ...PROPS, stage });
      approvals.addStateMachine(StateMachine.fromStateMachineName(approvals, 'Machine', stage));
      void new Alarms(approvals, 'Alarms', stage);
    }
    return Template.fromStack(stack);
  }

  it('have outputs of their own; those of the first have the names that the commands read', () => {
    const outputs = Object.keys(twoInstances().findOutputs('*'));
    const names = ['ApprovalsTable', 'AuditBucket', 'AuditTable', 'BotUrl', 'Channels', 'SecretName'];
    expect(outputs.filter((name) => !name.startsWith('database'))).toEqual(names);
    expect(
      outputs.filter((name) => name.startsWith('database')).map((name) => name.replace(/\w{8}$/, '')),
    ).toEqual(names.map((name) => `database${name}`));
  });

  it.each([
    ['AWS::CloudWatch::Alarm', 'AlarmName', 50],
    ['AWS::SecretsManager::Secret', 'Name', 2],
    ['AWS::Events::Rule', 'Name', 2],
  ] as const)('have no %s of the same name', (type, property, least) => {
    const names = resourcesOf(twoInstances(), type).flatMap(({ Properties }) => Properties[property] ?? []);
    expect(names.length).toBeGreaterThanOrEqual(least);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('synthesis refuses', () => {
  it('a second instance of the same stage in the account and region', () => {
    const app = newApp();
    approvalsIn(app);
    const again = (env: Environment) =>
      new SlackApprovals(new Stack(app, `Other-${env.region}`, { env }), 'Approvals', PROPS);
    expect(() => again(HERE)).toThrow(
      'Other-eu-central-1/Approvals and Operations/Approvals have the same stage "ops", so their secrets, rules and alarms would have the same names. Give one another stage, for example stage: \'ops-2\'.',
    );
    expect(() => again({ ...HERE, region: 'eu-west-1' })).not.toThrow();
  });

  it('alarms of two instances, and alarms of another stage', () => {
    const stack = new Stack(newApp(), 'Operations');
    void new SlackApprovals(stack, 'One', PROPS);
    expect(() => new Alarms(stack, 'Other', 'prod')).toThrow(
      'The alarms Operations/Other have the stage "prod", and Operations/One has "ops". Create them with its stage: new Alarms(approvals, \'Alarms\', \'ops\').',
    );
    void new SlackApprovals(stack, 'Two', { ...PROPS, stage: 'two' });
    expect(() => new Alarms(stack, 'Alarms', 'ops')).toThrow(
      "Operations has 2 SlackApprovals, whose alarms would have the same names. Create alarms below each: new Alarms(approvals, 'Alarms', 'ops').",
    );
  });

  it('an Express workflow', () => {
    const approvals = approvalsIn(newApp());
    const stateMachineType = StateMachineType.EXPRESS;
    const machine = machineIn(Stack.of(approvals), approvals, { stateMachineType });
    expect(() => approvals.addStateMachine(machine)).toThrow(
      'Operations/Machine is an Express workflow, which cannot wait for people. Make it a standard workflow: stateMachineType: StateMachineType.STANDARD.',
    );
  });

  it('a state machine in another stack whose name AWS generates', () => {
    const app = newApp();
    const approvals = approvalsIn(app);
    const machine = machineIn(new Stack(app, 'Team', { env: HERE }), approvals);
    expect(() => approvals.addStateMachine(machine)).toThrow(
      /^Team\/Machine is in another stack than Operations\/Approvals, and AWS generates its name, .* Name it, for example stateMachineName: 'migration'\.$/,
    );
  });

  it.each<[string, (stack: Stack) => IStateMachine, string]>([
    [
      'account',
      (stack) =>
        StateMachine.fromStateMachineArn(
          stack,
          'M',
          ARN.replace('111122223333', '444455556666') + 'migration',
        ),
      'Operations/M is in account 444455556666, and Operations/Approvals in 111122223333. ',
    ],
    [
      'region',
      (stack) =>
        StateMachine.fromStateMachineName(
          new Stack(stack.node.root, 'Far', { env: { ...HERE, region: 'eu-west-1' } }),
          'M',
          'migration',
        ),
      'Far/M is in region eu-west-1, and Operations/Approvals in eu-central-1. ',
    ],
  ])('a state machine of another %s', (_, imported, message) => {
    const approvals = approvalsIn(newApp());
    expect(() => approvals.addStateMachine(imported(Stack.of(approvals)))).toThrow(message);
  });

  it('a state machine that was added before', () => {
    const approvals = approvalsIn(newApp());
    const machine = machineIn(Stack.of(approvals), approvals);
    approvals.addStateMachine(machine);
    expect(() => approvals.addStateMachine(machine)).toThrow(
      'Operations/Machine was added to Operations/Approvals before.',
    );
  });

  it('approvals without a state machine', () => {
    const approvals = approvalsIn(newApp());
    expect(() => Template.fromStack(Stack.of(approvals))).toThrow(
      '[Operations/Approvals] No state machine may request approval. Add yours: approvals.addStateMachine(stateMachine).',
    );
  });
});
