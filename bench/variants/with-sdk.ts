// A press handled by hand, with the clients of the AWS SDK as Countersign creates and bundles them. The bench builds it
// to show what the SDK adds to `floor.ts`.
import { DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SendTaskSuccessCommand, type SendTaskSuccessCommandInput, SFNClient } from '@aws-sdk/client-sfn';
import { preconnect } from '../../aws/preconnect.ts';
import { pressByHand } from './press-by-hand.ts';

const dynamodb = new DynamoDBClient(preconnect('dynamodb'));
const states = new SFNClient(preconnect('states'));
const secrets = new SecretsManagerClient(preconnect('secretsmanager'));

export const handler = pressByHand((_service, operation, input) => {
  switch (operation) {
    case 'GetSecretValue':
      return secrets.send(new GetSecretValueCommand(input as GetSecretValueCommandInput));
    case 'UpdateItem':
      return dynamodb.send(new UpdateItemCommand(input as UpdateItemCommandInput));
    case 'SendTaskSuccess':
      return states.send(new SendTaskSuccessCommand(input as SendTaskSuccessCommandInput));
  }
});
