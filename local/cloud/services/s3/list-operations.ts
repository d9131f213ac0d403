// S3's operations that list all buckets, or a bucket in pages: the current objects, or all versions. `buckets.ts` calls them after it
// checked the permissions.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
import { AwsError } from '../../core/operations.ts';
import type { ObjectContent, ObjectVersion } from '../../core/state.ts';
import { account } from '../../template/resource-types.ts';
import type { S3Answer } from './answers.ts';
import type { S3Request } from './requests.ts';
import { compareKeys, currentVersions, findVersion, type Bucket } from './stored-versions.ts';
import { s3Document, type XmlElement } from './xml.ts';

const MAX_KEYS = 1000;

export function listBuckets(buckets: readonly { readonly name: string }[], createdAt: number): S3Answer {
  const CreationDate = new Date(createdAt).toISOString();
  const listed = buckets.map(({ name }): XmlElement => [
    'Bucket',
    [
      ['Name', name],
      ['CreationDate', CreationDate],
    ],
  ]);
  return answer('ListAllMyBucketsResult', [
    ['Owner', [['ID', account]]],
    ['Buckets', listed],
  ]);
}

export function listObjects({ query }: S3Request, bucket: Bucket): S3Answer {
  if (query.get('list-type') !== '2') throw invalid('Only list-type=2 is supported');
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const after = token === null ? startAfter : keyOf(token);
  const current = currentVersions(bucket);
  const { shown, isTruncated, ...page } = pageOf(query, bucket, (version) => {
    const isAfter = after === null || compareKeys(version.key, after) > 0;
    return isAfter && version.content !== undefined && current.has(version);
  });
  const next = shown.at(-1)?.key;
  return answer('ListBucketResult', [
    ...page.head,
    ['KeyCount', shown.length],
    ['IsTruncated', isTruncated],
    ...optional('ContinuationToken', token),
    ...optional('StartAfter', startAfter && page.encode(startAfter)),
    ...optional('NextContinuationToken', isTruncated && next !== undefined ? tokenOf(next) : null),
    ...shown.map((version): XmlElement => [
      'Contents',
      [['Key', page.encode(version.key)], ...described(version)],
    ]),
  ]);
}

export function listVersions({ query }: S3Request, bucket: Bucket): S3Answer {
  const keyMarker = query.get('key-marker') ?? '';
  const versionIdMarker = query.get('version-id-marker') ?? '';
  const isAfter = afterMarkers(keyMarker, versionIdMarker, bucket);
  const { shown, isTruncated, ...page } = pageOf(query, bucket, isAfter);
  const current = currentVersions(bucket);
  const last = isTruncated ? shown.at(-1) : undefined;
  return answer('ListVersionsResult', [
    ...page.head,
    ['KeyMarker', page.encode(keyMarker)],
    ['VersionIdMarker', versionIdMarker],
    ['IsTruncated', isTruncated],
    ...optional('NextKeyMarker', last ? page.encode(last.key) : null),
    ...optional('NextVersionIdMarker', last?.versionId ?? null),
    ...shown.map((version): XmlElement => [
      version.content ? 'Version' : 'DeleteMarker',
      [
        ['Key', page.encode(version.key)],
        ['VersionId', version.versionId],
        ['IsLatest', current.has(version)],
        ...described(version),
        ['Owner', [['ID', account]]],
      ],
    ]),
  ]);
}

function pageOf(
  query: URLSearchParams,
  { model, versions }: Bucket,
  isListed: (one: ObjectVersion) => boolean,
) {
  const prefix = query.get('prefix') ?? '';
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') throw invalid('Invalid Encoding Method specified in Request');
  const encode = encoding === 'url' ? urlEncoded : (text: string) => text;
  const maxKeys = maxKeysOf(query);
  const listed = versions.filter((one) => one.key.startsWith(prefix) && isListed(one));
  const head: readonly XmlElement[] = [
    ['Name', model.name],
    ['Prefix', encode(prefix)],
    ['MaxKeys', maxKeys],
    ...optional('EncodingType', encoding),
  ];
  const isTruncated = maxKeys > 0 && listed.length > maxKeys;
  return { shown: listed.slice(0, maxKeys), isTruncated, head, encode };
}

function maxKeysOf(query: URLSearchParams): number {
  const text = query.get('max-keys') ?? String(MAX_KEYS);
  if (!/^\d{1,9}$/.test(text)) throw invalid('Provided max-keys not an integer or within integer range');
  return Math.min(Number(text), MAX_KEYS);
}

/** The marked version itself is not listed again. */
function afterMarkers(keyMarker: string, versionIdMarker: string, bucket: Bucket) {
  if (versionIdMarker === '') return ({ key }: ObjectVersion) => compareKeys(key, keyMarker) > 0;
  if (keyMarker === '') throw invalid('A version-id marker cannot be specified without a key marker.');
  const marked = findVersion(bucket, keyMarker, versionIdMarker);
  // S3 continues behind a version that was deleted meanwhile. Here its place is no longer known.
  if (!marked) throw invalid('Invalid version id specified');
  const later = new Set(bucket.versions.slice(bucket.versions.indexOf(marked) + 1));
  return (version: ObjectVersion) => later.has(version);
}

function described(version: ObjectVersion): readonly XmlElement[] {
  // S3 shows whole seconds.
  const seconds = Math.floor(version.createdAt / 1000) * 1000;
  const modified = ['LastModified', new Date(seconds).toISOString()] as const;
  return version.content ? [modified, ...describedContent(version.content)] : [modified];
}

function describedContent({ etag, size, headers }: ObjectContent): readonly XmlElement[] {
  const checksum = Object.keys(headers).find((name) => name.startsWith('x-amz-checksum-'));
  return [
    ['ETag', etag],
    ...optional('ChecksumAlgorithm', checksum?.replace('x-amz-checksum-', '').toUpperCase() ?? null),
    ['Size', size],
    ['StorageClass', 'STANDARD'],
  ];
}

function answer(name: string, content: readonly XmlElement[]): S3Answer {
  return { status: 200, body: s3Document(name, content) };
}

function optional(name: string, value: string | null): readonly XmlElement[] {
  return value === null ? [] : [[name, value]];
}

function tokenOf(key: string): string {
  return Buffer.from(`key:${key}`).toString('base64url');
}

function keyOf(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('key:') || tokenOf(text.slice(4)) !== token)
    throw invalid('The continuation token provided is incorrect');
  return text.slice(4);
}

/** As S3 encodes keys: slashes stay, a space becomes `+` (assumed), and parentheses are encoded. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replaceAll(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}
