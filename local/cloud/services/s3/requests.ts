// Reads a request to S3: its operation, bucket and key. `buckets.ts` calls it. An operation, a parameter or a header that
// is not supported is refused by name.
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../core/operations.ts';

export interface S3Request {
  readonly operation: OperationName;
  readonly bucket: string;
  /** Empty if the operation is about the bucket, or about all buckets. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly header: (name: string) => string | undefined;
  /** All headers with this prefix. */
  readonly headers: (prefix: string) => Readonly<Record<string, string>>;
}

interface Route {
  readonly method: string;
  readonly on: 'account' | 'bucket' | 'object';
  /** The parameter that selects this operation among those with the same method. */
  readonly selector?: string;
  /** The other supported parameters, and the headers beyond `everywhere`, separated by spaces. */
  readonly query?: string;
  readonly headers?: string;
}

export type OperationName = keyof typeof routes;

const checksums =
  'content-md5 x-amz-sdk-checksum-algorithm x-amz-checksum-crc32 x-amz-checksum-sha1 x-amz-checksum-sha256';
const bypass = 'x-amz-bypass-governance-retention';
const paging = 'prefix max-keys encoding-type';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
const routes = {
  ListBuckets: { method: 'GET', on: 'account' },
  PutObject: {
    method: 'PUT',
    on: 'object',
    headers: `if-none-match x-amz-object-lock-legal-hold x-amz-object-lock-mode x-amz-object-lock-retain-until-date ${checksums}`,
  },
  PutObjectRetention: {
    method: 'PUT',
    on: 'object',
    selector: 'retention',
    query: 'versionId',
    headers: `${bypass} ${checksums}`,
  },
  PutObjectLegalHold: {
    method: 'PUT',
    on: 'object',
    selector: 'legal-hold',
    query: 'versionId',
    headers: checksums,
  },
  GetObject: { method: 'GET', on: 'object', query: 'versionId', headers: 'x-amz-checksum-mode' },
  GetObjectRetention: { method: 'GET', on: 'object', selector: 'retention', query: 'versionId' },
  GetObjectLegalHold: { method: 'GET', on: 'object', selector: 'legal-hold', query: 'versionId' },
  DeleteObject: { method: 'DELETE', on: 'object', query: 'versionId', headers: bypass },
  ListObjectsV2: {
    method: 'GET',
    on: 'bucket',
    selector: 'list-type',
    query: `start-after continuation-token ${paging}`,
  },
  ListObjectVersions: {
    method: 'GET',
    on: 'bucket',
    selector: 'versions',
    query: `key-marker version-id-marker ${paging}`,
  },
} as const satisfies Record<string, Route>;

/** Headers that any request may have. `x-amz-content-sha256` belongs to the signature, which is not checked. */
const everywhere = 'x-amz-content-sha256 x-amz-date x-amz-security-token x-amz-user-agent';

/** Headers without `x-amz-` that change what S3 does or stores. */
const standard =
  'cache-control content-disposition content-encoding content-language content-md5 expires if-match if-modified-since if-none-match if-unmodified-since range transfer-encoding';

export function readRequest({ method = '', url = '/', headers }: IncomingMessage, body: Buffer): S3Request {
  const [path = '', parameters] = url.split(/\?(.*)/s);
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const query = new URLSearchParams(parameters);
  const operation = operationOf(method, bucket === '' ? 'account' : key === '' ? 'bucket' : 'object', query);
  if (!operation) throw notImplemented(`${method} ${url}`);
  const route: Route = routes[operation];
  // The SDKs send the body of a stream in this encoding.
  if (headers['content-encoding']?.includes('aws-chunked')) throw notImplemented('aws-chunked body');
  const refused = Object.keys(headers).find((name) => isRefused(name, route));
  if (refused !== undefined) throw notImplemented(`header ${refused} of ${operation}`);
  return {
    operation,
    bucket: decoded(bucket),
    key: decoded(key),
    query,
    body,
    header: (name) => headers[name]?.toString(),
    headers: (prefix) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          name.startsWith(prefix) && value !== undefined ? [[name, value.toString()]] : [],
        ),
      ),
  };
}

function operationOf(method: string, on: Route['on'], query: URLSearchParams): OperationName | undefined {
  return names().find((name) => {
    const route: Route = routes[name];
    // The SDKs repeat the name of some operations in `x-id`.
    const supported = `x-id ${route.selector ?? ''} ${route.query ?? ''}`.split(' ');
    return (
      route.method === method &&
      route.on === on &&
      (route.selector === undefined || query.has(route.selector)) &&
      [...query.keys()].every((parameter) => supported.includes(parameter))
    );
  });
}

function isRefused(name: string, route: Route): boolean {
  const supported = `${everywhere} ${route.headers ?? ''}`.split(' ');
  if (supported.includes(name)) return false;
  if (name.startsWith('x-amz-meta-')) return route !== routes.PutObject;
  return name.startsWith('x-amz-') || standard.split(' ').includes(name);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function notImplemented(what: string): AwsError {
  const message = `The local cloud has no s3 ${what}. Supported: ${names().join(', ')}`;
  return new AwsError('NotImplemented', message);
}

function names(): readonly OperationName[] {
  return Object.keys(routes) as OperationName[];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
