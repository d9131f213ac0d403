// AWS prices in USD for us-east-1 in October 2026, without free tiers. `cost.ts`, `flood.ts` and `conformance/` use
// them. Check the linked pages before you rely on the prices.

export const pricesFrom = 'October 2026';

export const prices = {
  // https://aws.amazon.com/lambda/pricing/ (arm64)
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: 0.0000133334,
  // https://aws.amazon.com/step-functions/pricing/
  stateTransition: 0.025 / 1e3,
  // https://aws.amazon.com/dynamodb/pricing/on-demand/
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  // https://aws.amazon.com/s3/pricing/
  put: 0.005 / 1e3,
  // https://aws.amazon.com/sqs/pricing/
  queueRequest: 0.4 / 1e6,
  // https://aws.amazon.com/sns/pricing/ (delivery to SQS is free)
  publish: 0.5 / 1e6,
  // https://aws.amazon.com/secrets-manager/pricing/
  secretCall: 0.05 / 1e4,
  secretMonth: 0.4,
  // https://aws.amazon.com/cloudwatch/pricing/
  logGigabyte: 0.5,
  alarmMonth: 0.1,
  // A custom metric is billed for the hours in which it gets data. A metric filter without a default value sends data
  // only when an event matches, so a stack without problems has no custom metrics.
  metricMonth: 0.3,
} as const;
