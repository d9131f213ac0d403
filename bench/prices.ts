// What AWS asks for what an approval uses, in USD, in us-east-1, without any free tier. The table of costs is computed
// with them. They stood on these pages in October 2026: look there again before you rely on them.

export const asOf = 'October 2026';

export const prices = {
  // https://aws.amazon.com/lambda/pricing/ (arm64)
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: 0.0000133334,
  // https://aws.amazon.com/step-functions/pricing/
  stateTransition: 0.025 / 1e3,
  // https://aws.amazon.com/dynamodb/pricing/on-demand/
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  // https://aws.amazon.com/sqs/pricing/
  queueRequest: 0.4 / 1e6,
  // https://aws.amazon.com/sns/pricing/ (what it delivers to queues is free)
  publish: 0.5 / 1e6,
  // https://aws.amazon.com/secrets-manager/pricing/
  secretCall: 0.05 / 1e4,
  // https://aws.amazon.com/cloudwatch/pricing/
  logGigabyte: 0.5,
} as const;
