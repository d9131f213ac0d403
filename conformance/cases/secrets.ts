// Secrets Manager: how the functions read the Slack secret, and how an operator replaces it.
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Aws } from '../aws.ts';
import { refusal, until } from '../calls.ts';
import { page, snapshot, type Case } from '../case.ts';

const read = (aws: Aws, SecretId = aws.name('SecretArn')) =>
  aws.secrets.send(new GetSecretValueCommand({ SecretId }));

export const secretCases: readonly Case[] = [
  {
    name: 'GetSecretValue reads the current version by ARN and by name',
    source: page('secretsmanager/latest/apireference/API_GetSecretValue.html'),
    async calls(aws) {
      const { SecretString, VersionStages, ARN, Name, VersionId } = await read(aws);
      const byName = await read(aws, Name);
      return {
        stages: VersionStages,
        isSame: byName.SecretString === SecretString && byName.VersionId === VersionId,
        isAsked: ARN === aws.name('SecretArn'),
      };
    },
    answer: { stages: ['AWSCURRENT'], isSame: true, isAsked: true },
  },
  {
    name: 'PutSecretValue replaces the current version, whose id is the ClientRequestToken',
    source: page('secretsmanager/latest/apireference/API_PutSecretValue.html'),
    async calls(aws) {
      const ClientRequestToken = crypto.randomUUID();
      const SecretString = aws.unique('secret');
      const put = { SecretId: aws.name('SecretArn'), SecretString, ClientRequestToken };
      const { VersionId } = await aws.secrets.send(new PutSecretValueCommand(put));
      await until(
        aws,
        'the new value',
        async () => (await read(aws)).SecretString === SecretString || undefined,
      );
      return {
        isToken: VersionId === ClientRequestToken,
        isCurrent: (await read(aws)).VersionId === VersionId,
      };
    },
    answer: { isToken: true, isCurrent: true },
  },
  {
    name: 'a secret that does not exist is ResourceNotFoundException',
    source: snapshot('secretsmanager/test_secretsmanager'),
    calls: (aws) => refusal(read(aws, aws.unique('no-such-secret'))),
    answer: 'ResourceNotFoundException',
  },
];
