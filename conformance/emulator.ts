// Prepares the environment for an endpoint that is not AWS, and checks that it has CloudFormation. `run.ts` calls it
// for `--endpoint`.
import { UsageError } from '../cli/usage-error.ts';

/** CDK and the SDK read these variables. Emulators accept any credentials. */
export function useEndpoint(endpoint: string): void {
  process.env['AWS_ENDPOINT_URL'] = endpoint;
  process.env['AWS_REGION'] ||= 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] ||= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ||= 'test';
}

/** @throws UsageError if the stack cannot be deployed there */
export async function checkCloudFormation(endpoint: string): Promise<void> {
  const answer = await listStacks(endpoint);
  if (answer.includes('ListStacksResponse')) return;
  throw new UsageError(
    `${endpoint} has no CloudFormation, so the stack of the cases cannot be deployed there. Its answer to ListStacks: ${answer.slice(0, 200)}\nThe local cloud of this project needs no endpoint: npm run conformance`,
  );
}

/** Emulators read the service from the scope of the credentials, and do not check the signature. */
async function listStacks(endpoint: string): Promise<string> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ Action: 'ListStacks', Version: '2010-05-15' }),
      signal: AbortSignal.timeout(10_000),
    });
    return await response.text();
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new UsageError(
      `${endpoint} does not answer (${reason}). Start the emulator, or correct the address.`,
    );
  }
}
