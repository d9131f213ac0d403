// SSM Parameter Store: versions, selectors, pages, names and errors. All cases use the parameter of the stack, so nothing
// is left when the stack is removed.
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import type { Aws } from '../aws.ts';
import { refusal } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const reference = (operation: string) => page(`systems-manager/latest/APIReference/API_${operation}.html`);

const read = async ({ parameters }: Aws, Name: string) => {
  const { Parameter = {} } = await parameters.send(new GetParameterCommand({ Name }));
  return Parameter;
};

const put = ({ parameters }: Aws, Name: string, Value: string, Overwrite = true) =>
  parameters.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));

const list = ({ parameters }: Aws, input: { readonly Path: string; readonly MaxResults?: number }) =>
  parameters.send(new GetParametersByPathCommand(input));

export const parameterCases: readonly Case[] = [
  {
    name: 'GetParameter reads a parameter by its ARN, which has one slash before the name',
    source: snapshot('ssm/test_ssm'),
    async calls(aws) {
      const name = aws.name('ParameterName');
      const { ARN = '', Type, DataType } = await read(aws, name);
      const byArn = await read(aws, ARN);
      return { isOneSlash: ARN.endsWith(`:parameter${name}`), isSame: byArn.Name === name, Type, DataType };
    },
    answer: { isOneSlash: true, isSame: true, Type: 'String', DataType: 'text' },
  },
  {
    name: 'PutParameter with Overwrite answers the next version, and the version before stays readable',
    source: page('systems-manager/latest/userguide/sysman-paramstore-versions.html'),
    async calls(aws) {
      const name = aws.name('ParameterName');
      const { Version: before = 0, Value: old } = await read(aws, name);
      const { Version = 0 } = await put(aws, name, aws.unique('value'));
      const selected = await read(aws, `${name}:${before}`);
      return {
        grows: Version - before,
        isCurrent: (await read(aws, name)).Version === Version,
        isKept: selected.Value === old,
        isSelector: selected.Selector === `:${before}`,
      };
    },
    answer: { grows: 1, isCurrent: true, isKept: true, isSelector: true },
  },
  {
    name: 'PutParameter without Overwrite refuses a parameter that exists',
    source: reference('PutParameter'),
    calls: (aws) => refusal(put(aws, aws.name('ParameterName'), 'x', false)),
    answer: 'ParameterAlreadyExists',
  },
  {
    name: 'a parameter that does not exist is ParameterNotFound',
    source: 'https://github.com/aws/aws-sdk-js/issues/4330',
    calls: (aws) => refusal(read(aws, `/${aws.unique('no-such-parameter')}`)),
    answer: 'ParameterNotFound',
  },
  {
    name: 'a version that does not exist is ParameterVersionNotFound',
    source: 'https://github.com/getmoto/moto/pull/3977',
    calls: (aws) => refusal(read(aws, `${aws.name('ParameterName')}:999999`)),
    answer: 'ParameterVersionNotFound',
  },
  {
    name: 'a path without its first slash, or with an empty level, is ValidationException',
    source:
      'https://github.com/localstack/localstack/blob/03f5cd146a320dda84ca4bc09b54dd10cc25c66a/tests/aws/services/ssm/test_ssm.py',
    async calls(aws) {
      const name = aws.name('ParameterName');
      return [
        await refusal(read(aws, name.slice(1))),
        await refusal(read(aws, name.replace(/\/(?=[^/]*$)/, '//'))),
      ];
    },
    answer: ['ValidationException', 'ValidationException'],
  },
  {
    name: 'a name that begins with aws is AccessDeniedException, and with ssm ValidationException, in any case',
    source: 'https://github.com/aws-cloudformation/cfn-lint/issues/4089',
    async calls(aws) {
      const names = ['/aws/countersign', '/AWScountersign', '/ssm/countersign', '/SSMcountersign'];
      return Promise.all(names.map((name) => refusal(put(aws, name, 'x'))));
    },
    answer: ['AccessDeniedException', 'AccessDeniedException', 'ValidationException', 'ValidationException'],
  },
  {
    name: 'a value of 4,097 characters is ValidationException',
    source: 'https://github.com/aws/aws-sdk-net/issues/3157',
    calls: (aws) => refusal(put(aws, aws.name('ParameterName'), 'x'.repeat(4_097))),
    answer: 'ValidationException',
  },
  {
    name: 'a value with double braces is ValidationException',
    source: reference('PutParameter'),
    calls: (aws) => refusal(put(aws, aws.name('ParameterName'), 'of {{symbol}}')),
    answer: 'ValidationException',
  },
  {
    name: 'a name of 16 levels is HierarchyLevelLimitExceededException',
    source: page('systems-manager/latest/userguide/sysman-parameter-name-constraints.html'),
    calls: (aws) => refusal(put(aws, '/x'.repeat(16), 'x')),
    answer: 'HierarchyLevelLimitExceededException',
  },
  {
    name: 'GetParametersByPath lists what is below the path, and not the parameter with the path’s own name',
    source: 'https://github.com/aws/aws-sdk-js-v3/issues/5928',
    async calls(aws) {
      const name = aws.name('ParameterName');
      const names = async (Path: string) => (await list(aws, { Path })).Parameters?.map(({ Name }) => Name);
      return {
        isListed: (await names(name.replace(/\/[^/]*$/, '')))?.includes(name),
        ownPath: await names(name),
      };
    },
    answer: { isListed: true, ownPath: [] },
  },
  {
    name: 'GetParametersByPath refuses a MaxResults above 10 and a path without its first slash',
    source: reference('GetParametersByPath'),
    async calls(aws) {
      return [
        await refusal(list(aws, { Path: '/a', MaxResults: 11 })),
        await refusal(list(aws, { Path: 'a' })),
      ];
    },
    answer: ['ValidationException', 'ValidationException'],
  },
];
