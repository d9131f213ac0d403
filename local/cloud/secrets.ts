// Secrets Manager: one current value a secret, first what the template gives. The gateway calls its operations.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { isObject, numberAt, optionalText, textAt, tryParse, type JsonObject } from './json.ts';
import { accept, type Operations } from './operations.ts';
import type { SecretModel } from './readers.ts';
import type { Secret } from './state.ts';

interface SecretsOptions {
  readonly models: readonly SecretModel[];
  readonly state: Record<string, Secret>;
  readonly clock: Clock;
}

export function secretOperations({ models, state, clock }: SecretsOptions): Operations {
  for (const model of models) state[model.arn] ??= firstVersion(model, clock.now());

  function asked(input: JsonObject): Secret {
    const id = textAt(input, 'SecretId');
    const found = Object.values(state).find(({ arn, name }) => arn === id || name === id);
    if (!found)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return found;
  }

  return {
    GetSecretValue(input) {
      accept(input, ['SecretId', 'VersionStage']);
      if ((optionalText(input, 'VersionStage') ?? 'AWSCURRENT') !== 'AWSCURRENT') {
        throw new AwsError('ResourceNotFoundException', 'The local cloud keeps AWSCURRENT alone.');
      }
      const { arn, name, version, value, changedAt } = asked(input);
      return {
        ARN: arn,
        Name: name,
        VersionId: version,
        SecretString: value,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: changedAt / 1000,
      };
    },
    PutSecretValue(input) {
      accept(input, ['SecretId', 'SecretString', 'ClientRequestToken']);
      const secret = asked(input);
      secret.value = textAt(input, 'SecretString');
      secret.version = optionalText(input, 'ClientRequestToken') ?? randomUUID();
      secret.changedAt = clock.now();
      return { ARN: secret.arn, Name: secret.name, VersionId: secret.version, VersionStages: ['AWSCURRENT'] };
    },
    DescribeSecret(input) {
      accept(input, ['SecretId']);
      return described(asked(input));
    },
    ListSecrets(input) {
      accept(input, ['MaxResults']);
      return { SecretList: Object.values(state).map(described) };
    },
  };
}

function described({ arn, name, createdAt, changedAt, version }: Secret): JsonObject {
  return {
    ARN: arn,
    Name: name,
    CreatedDate: createdAt / 1000,
    LastChangedDate: changedAt / 1000,
    VersionIdsToStages: { [version]: ['AWSCURRENT'] },
  };
}

function firstVersion({ arn, name, value, generate }: SecretModel, now: number): Secret {
  const first = value ?? (generate ? generated(generate) : '');
  return { arn, name, createdAt: now, changedAt: now, version: randomUUID(), value: first };
}

/** Letters and digits only: so ExcludePunctuation, the one exclusion supported, holds by itself. */
function generated(how: JsonObject): string {
  const password = randomBytes(256)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, numberAt(how, 'PasswordLength', 32));
  const template = optionalText(how, 'SecretStringTemplate');
  if (template === undefined) return password;
  const members = tryParse(template);
  return JSON.stringify({
    ...(isObject(members) ? members : {}),
    [textAt(how, 'GenerateStringKey')]: password,
  });
}
