// Secrets Manager, with one current value for each secret: at first the template's. The gateway calls its operations.
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { optionalText, textAt, type JsonObject } from '../../core/json.ts';
import { accept, AwsError, type Operations } from '../../core/operations.ts';
import type { Secret } from '../../core/state.ts';

export function secretOperations({ model, state, clock }: CloudContext): Operations {
  const secrets = () =>
    model.secrets.map(
      ({ arn, name, value }) =>
        (state.secrets[arn] ??= { arn, name, value, version: randomUUID(), changedAt: state.startedAt }),
    );

  function asked(input: JsonObject): Secret {
    const id = textAt(input, 'SecretId');
    const found = secrets().find(({ arn, name }) => arn === id || name === id);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  return {
    GetSecretValue(input) {
      accept(input, ['SecretId']);
      const { value, changedAt, ...secret } = asked(input);
      return { ...described(secret), SecretString: value, CreatedDate: changedAt / 1000 };
    },
    PutSecretValue(input) {
      accept(input, ['SecretId', 'SecretString', 'ClientRequestToken']);
      const secret = asked(input);
      secret.value = textAt(input, 'SecretString');
      secret.version = optionalText(input, 'ClientRequestToken') ?? randomUUID();
      secret.changedAt = clock.now();
      return described(secret);
    },
    ListSecrets(input) {
      accept(input, []);
      const listed = ({ arn, name, changedAt }: Secret) => ({
        ARN: arn,
        Name: name,
        LastChangedDate: changedAt / 1000,
      });
      return { SecretList: secrets().map(listed) };
    },
  };
}

function described({ arn, name, version }: Pick<Secret, 'arn' | 'name' | 'version'>) {
  return { ARN: arn, Name: name, VersionId: version, VersionStages: ['AWSCURRENT'] };
}
