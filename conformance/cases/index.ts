// All conformance cases, in the order in which they run.
import type { Case } from '../case.ts';
import { dynamodbCases } from './dynamodb.ts';
import { errorCases } from './errors.ts';
import { executionCases } from './executions.ts';
import { functionUrlCases } from './function-urls.ts';
import { historyCases } from './histories.ts';
import { parameterCases } from './parameters.ts';
import { s3Cases } from './s3.ts';
import { secretCases } from './secrets.ts';
import { snsAndEventCases } from './sns-and-events.ts';
import { sqsToLambdaCases } from './sqs-to-lambda.ts';
import { sqsCases } from './sqs.ts';
import { stateCases } from './states.ts';
import { taskTokenCases } from './task-tokens.ts';

export const cases: readonly Case[] = [
  ...taskTokenCases,
  ...executionCases,
  ...historyCases,
  ...stateCases,
  ...errorCases,
  ...sqsCases,
  ...sqsToLambdaCases,
  ...snsAndEventCases,
  ...dynamodbCases,
  ...secretCases,
  ...parameterCases,
  ...s3Cases,
  ...functionUrlCases,
];
