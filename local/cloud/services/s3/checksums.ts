// Checks the body of a request to S3 against the checksums that the caller sent. The operations that write call it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
// The messages were recorded at AWS:
// https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3/test_s3.snapshot.json
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../../core/operations.ts';
import type { S3Request } from './requests.ts';

type Digest = (body: Buffer) => Buffer;

const algorithms: Readonly<Record<string, Digest>> = {
  CRC32: crc32Of,
  SHA1: (body) => createHash('sha1').update(body).digest(),
  SHA256: (body) => createHash('sha256').update(body).digest(),
};

/** Throws if a checksum is wrong. Returns the headers with correct checksums; none if the caller sent none. */
export function checkBody({ body, header, headers }: S3Request): Readonly<Record<string, string>> {
  const sent = headers('x-amz-checksum-');
  const [first, ...more] = Object.entries(sent);
  if (more.length > 0)
    throw invalid('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  if (!first && header('x-amz-sdk-checksum-algorithm') !== undefined)
    throw invalid(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  if (first) check(first[0], first[1], body);
  const md5 = header('content-md5');
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64'))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  return sent;
}

/** Whether the request has a checksum that `checkBody` checks. */
export function hasChecksum({ header, headers }: S3Request): boolean {
  return header('content-md5') !== undefined || Object.keys(headers('x-amz-checksum-')).length > 0;
}

function check(name: string, value: string, body: Buffer): void {
  const algorithm = name.replace('x-amz-checksum-', '').toUpperCase();
  const actual = algorithms[algorithm]?.(body);
  const given = Buffer.from(value, 'base64');
  if (given.length !== actual?.length || given.toString('base64') !== value)
    throw invalid(`Value for ${name} header is invalid.`);
  if (!given.equals(actual))
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

function crc32Of(body: Buffer): Buffer {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(body));
  return digest;
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}
