// The operations of SSM Parameter Store, for parameters of type String in the standard tier. The gateway calls them.
import type { CloudContext } from '../../core/context.ts';
import { numberAt, optionalText, textAt, type JsonObject } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import { constraint, invalid, parameterArn, wrongDescription, wrongNewName } from './parameter-rules.ts';
import { wrongPath, wrongValue } from './parameter-rules.ts';
import { addVersion, find, type Found } from './parameters.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
const MAX_RESULTS = 10;

export function parameterOperations({ state, clock }: Pick<CloudContext, 'state' | 'clock'>): Operations {
  return {
    GetParameter(input) {
      accept(input, ['Name']);
      return { Parameter: described(find(state, textAt(input, 'Name'))) };
    },
    GetParametersByPath(input) {
      accept(input, ['Path', 'Recursive', 'MaxResults', 'NextToken']);
      const path = textAt(input, 'Path');
      const wrong = wrongPath(path);
      if (wrong) throw wrong;
      const count = maxResults(input);
      const names = Object.keys(state.parameters).filter((name) =>
        isBelow(name, path, input['Recursive'] === true),
      );
      const after = optionalText(input, 'NextToken');
      const start = after === undefined ? 0 : indexAfter(names.toSorted(), after);
      const page = names.toSorted().slice(start, start + count);
      const isLast = start + count >= names.length;
      return {
        Parameters: page.map((name) => described(find(state, name))),
        ...(!isLast && { NextToken: tokenOf(page.at(-1) ?? '') }),
      };
    },
    PutParameter(input) {
      accept(input, ['Name', 'Value', 'Type', 'Overwrite', 'Description', 'Tier']);
      const [name, value] = [textAt(input, 'Name'), textAt(input, 'Value')];
      const description = optionalText(input, 'Description') ?? '';
      const wrong = wrongNewName(name) ?? wrongValue(value) ?? wrongDescription(description);
      if (wrong) throw wrong;
      expect(input, 'Type', 'String');
      expect(input, 'Tier', 'Standard');
      const existing = state.parameters[name];
      if (existing && input['Overwrite'] !== true)
        // As in moto's tests: https://github.com/getmoto/moto/blob/d680b1e0254f24037e37448b99b165886383c86d/tests/test_ssm/test_ssm_boto3.py
        throw new AwsError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      // As in moto's tests, see above.
      if (!existing && input['Type'] === undefined)
        throw invalid('A parameter type is required when you create a parameter.');
      const parameter = (state.parameters[name] ??= { versions: [] });
      return { Version: addVersion(parameter, value, clock.now()), Tier: 'Standard' };
    },
  };
}

function described({ name, selector, version: { version, value, changedAt } }: Found): object {
  return {
    ARN: parameterArn(name),
    DataType: 'text',
    LastModifiedDate: changedAt / 1000,
    Name: name,
    ...(selector !== undefined && { Selector: selector }),
    Type: 'String',
    Value: value,
    Version: version,
  };
}

function maxResults(input: JsonObject): number {
  const count = numberAt(input, 'MaxResults', MAX_RESULTS);
  if (count > MAX_RESULTS)
    throw invalid(constraint(count, 'maxResults', `have value less than or equal to ${MAX_RESULTS}`));
  if (count < 1) throw invalid(constraint(count, 'maxResults', 'have value greater than or equal to 1'));
  return count;
}

function isBelow(name: string, path: string, isRecursive: boolean): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(folder) && (isRecursive || !name.slice(folder.length).includes('/'));
}

function tokenOf(name: string): string {
  return Buffer.from(name).toString('base64');
}

/** A page begins after the last name of the page before, even if that parameter is gone. */
function indexAfter(names: readonly string[], token: string): number {
  const last = Buffer.from(token, 'base64').toString();
  if (!last.startsWith('/')) throw new AwsError('InvalidNextToken', "The specified token isn't valid.");
  const index = names.findIndex((name) => name > last);
  return index < 0 ? names.length : index;
}

function expect(input: JsonObject, member: string, only: string): void {
  const value = optionalText(input, member);
  if (value !== undefined && value !== only)
    throw invalid(`Not supported by the local cloud: ${member} ${value}. Supported: ${only}`);
}
