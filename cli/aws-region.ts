// The region as the AWS CLI and CDK take it, of which the SDK knows AWS_REGION alone. The operator's commands begin with it.

export function useRegion(): void {
  const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (region) process.env['AWS_REGION'] = region;
  else delete process.env['AWS_REGION'];
}
