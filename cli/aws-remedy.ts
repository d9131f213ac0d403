// Returns the remedy for an error of AWS: sign in, set a region, or use other credentials. The checks before a deployment, the
// commands that read a stack's outputs and `exitWithError` call it.

/** https://docs.aws.amazon.com/sdkref/latest/guide/creds-config-files.html */
const SIGN_IN = 'Sign in, for example: aws sso login, and export AWS_PROFILE=…';

const NO_PERMISSION =
  'These credentials have no permission to read it. Use the credentials that you deploy with.';
const DELETED = 'It was deleted after the deployment. Restore it, or deploy the stack again.';
const NO_ANSWER = 'AWS does not answer. Check the network, and AWS_ENDPOINT_URL if it is set.';
const SET_REGION = 'Set a region, for example: export AWS_REGION=eu-central-1';

const remedies: Readonly<Record<string, string>> = {
  CredentialsProviderError: SIGN_IN,
  ExpiredTokenException: SIGN_IN,
  ExpiredToken: SIGN_IN,
  UnrecognizedClientException: SIGN_IN,
  InvalidClientTokenId: SIGN_IN,
  ResourceNotFoundException: DELETED,
  NoSuchBucket: DELETED,
  AccessDenied: NO_PERMISSION,
  AccessDeniedException: NO_PERMISSION,
};

export function awsRemedy(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  const message = messageOf(error);
  if (/\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT)\b/.test(message)) return NO_ANSWER;
  return remedies[name] ?? (message.includes('Region') ? SET_REGION : SIGN_IN);
}

/** Whether an AWS client threw the error: for an answer of AWS, or because it has no answer, credentials or region. */
export function isAwsError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    '$metadata' in error || error.name === 'CredentialsProviderError' || error.message === 'Region is missing'
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
