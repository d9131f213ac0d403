// Tests the lists of the local cloud's S3: order, prefixes, pages and markers.
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { Bucket, outcome, startBucket } from './audit-bucket.ts';

/** In UTF-8 binary order, which differs from JavaScript's order for the last two. */
const keys = ['A', 'a', 'a/1', 'a/2', 'b', 'é', '\uFFFD', '\u{1F600}'];

async function startFilled() {
  const world = await startBucket();
  for (const key of keys.toReversed()) await world.put(key, `of ${key}`);
  return world;
}

describe('ListObjectsV2', () => {
  it('lists the current objects in UTF-8 binary order, without deleted ones', async () => {
    const { s3, put } = await startFilled();
    await put('a', 'second');
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    const { Contents, KeyCount, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(keys.filter((key) => key !== 'b'));
    expect([KeyCount, IsTruncated]).toEqual([7, false]);
    expect(Contents?.[1]).toMatchObject({ Size: 6, StorageClass: 'STANDARD', ChecksumAlgorithm: ['CRC32'] });
  });

  it('continues a truncated list with its token until everything is listed once', async () => {
    const { s3 } = await startFilled();
    const pages: (string | undefined)[][] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket }))
      pages.push(Contents.map(({ Key }) => Key));
    expect(pages).toEqual([keys.slice(0, 3), keys.slice(3, 6), keys.slice(6)]);
  });

  it('starts after a key, which need not exist, and filters by prefix', async () => {
    const { s3 } = await startFilled();
    const list = async (input: object) => {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, ...input }));
      return Contents?.map(({ Key }) => Key);
    };
    expect(await list({ Prefix: 'a/' })).toEqual(['a/1', 'a/2']);
    expect(await list({ Prefix: 'a', StartAfter: 'a/1' })).toEqual(['a/2']);
    expect(await list({ StartAfter: 'a/15', MaxKeys: 1 })).toEqual(['a/2']);
    expect(await list({ StartAfter: '\u{1F600}' })).toBeUndefined();
  });

  it('encodes keys on request', async () => {
    const { s3, put } = await startBucket();
    await put('a b/é(1).json');
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['a+b/%C3%A9%281%29.json']);
  });

  it.each([
    [{ ContinuationToken: 'a' }, 'The continuation token provided is incorrect'],
    [{ MaxKeys: -1 }, 'Provided max-keys not an integer or within integer range'],
  ])('refuses %j', async (input, error) => {
    const { s3 } = await startBucket();
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket, ...input })))).toBe(
      `400 InvalidArgument: ${error}`,
    );
  });

  it('lists at most 1000 keys', async () => {
    const { s3, put } = await startBucket();
    const all = Array.from({ length: 1001 }, (_, at) => String(at).padStart(4, '0'));
    await Promise.all(all.map((key) => put(key)));
    const { Contents, IsTruncated } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2000 }));
    expect([Contents?.length, Contents?.at(-1)?.Key, IsTruncated]).toEqual([1000, '0999', true]);
  });
});

describe('ListObjectVersions', () => {
  it('lists versions and delete markers, the newest of a key first', async () => {
    const { s3, put } = await startBucket();
    const ids = [await put('a', '1'), await put('a', '2')].map(({ VersionId }) => VersionId);
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    const other = await put('b');
    const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest])).toEqual([
      ['a', ids[1], false],
      ['a', ids[0], false],
      ['b', other.VersionId, true],
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: 'a', VersionId: marker.VersionId, IsLatest: true }]);
  });

  it.each([1, 2, 3])('pages by %i with both markers until everything is listed once', async (MaxKeys) => {
    const { s3, put } = await startBucket();
    const wanted: unknown[] = [];
    for (const key of ['a', 'b', 'é']) {
      const ids = [await put(key), await put(key)].map(({ VersionId }) => VersionId);
      wanted.push([key, ids[1]], [key, ids[0]]);
    }
    const seen: unknown[] = [];
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (markers) {
      const page: ListPage = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }));
      seen.push(...(page.Versions ?? []).map(({ Key, VersionId }) => [Key, VersionId]));
      expect(page.Versions?.length).toBeLessThanOrEqual(MaxKeys);
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    expect(seen).toEqual(wanted);
  });

  it('starts after all versions of a key marker, and filters by prefix', async () => {
    const { s3, put } = await startBucket();
    for (const key of ['a', 'b', 'b', 'b/1', 'c']) await put(key);
    const list = async (input: object) => {
      const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket, ...input }));
      return Versions?.map(({ Key }) => Key);
    };
    expect(await list({ KeyMarker: 'a' })).toEqual(['b', 'b', 'b/1', 'c']);
    expect(await list({ KeyMarker: 'b' })).toEqual(['b/1', 'c']);
    expect(await list({ Prefix: 'b' })).toEqual(['b', 'b', 'b/1']);
  });

  it('refuses a version marker without a key marker', async () => {
    const { s3 } = await startBucket();
    const VersionIdMarker = 'a'.repeat(32);
    expect(await outcome(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker })))).toBe(
      '400 InvalidArgument: A version-id marker cannot be specified without a key marker.',
    );
  });
});

interface ListPage {
  readonly Versions?:
    | { readonly Key?: string | undefined; readonly VersionId?: string | undefined }[]
    | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly NextKeyMarker?: string | undefined;
  readonly NextVersionIdMarker?: string | undefined;
}
