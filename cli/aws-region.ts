// Sets AWS_REGION from AWS_DEFAULT_REGION, which the AWS CLI and CDK read but the SDK does not. Every command of this
// folder calls `useRegion` first.

export function useRegion(): void {
  const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (region) process.env['AWS_REGION'] = region;
  else delete process.env['AWS_REGION'];
}
