// Reads a bucket of the template. `readResources` applies this reader. Every bucket here has versioning; encryption and
// the access of the public have no effect.
import { membersBeyond, numberAt, objectAt, objectsAt, optionalText, type JsonObject } from '../core/json.ts';
import { expectOnly, type Named } from './named-resource.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html: 100 years. */
const MAX_RETENTION_DAYS = 36_500;

export type RetentionMode = 'GOVERNANCE' | 'COMPLIANCE';

interface DefaultRetention {
  readonly mode: RetentionMode;
  readonly days: number;
}

export function readBucket(resource: Named) {
  const { identity, properties, refuse } = resource;
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(identity.name))
    refuse(`name ${identity.name} is not supported`);
  expectOnly(resource, 'VersioningConfiguration', { Status: 'Enabled' });
  if ('OwnershipControls' in properties)
    expectOnly(resource, 'OwnershipControls', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
  checkEncryption(properties, refuse);
  const hasObjectLock = properties['ObjectLockEnabled'] === true;
  if (!hasObjectLock && 'ObjectLockConfiguration' in properties)
    refuse('ObjectLockConfiguration without ObjectLockEnabled is not supported');
  return { name: identity.name, arn: identity.arn, hasObjectLock, defaultRetention: readRetention(resource) };
}

/** The key of another algorithm would need permissions that nobody checks here. */
function checkEncryption(properties: JsonObject, refuse: (finding: string) => void): void {
  for (const rule of objectsAt(
    objectAt(properties, 'BucketEncryption'),
    'ServerSideEncryptionConfiguration',
    [],
  )) {
    const algorithm = optionalText(objectAt(rule, 'ServerSideEncryptionByDefault'), 'SSEAlgorithm');
    if (algorithm !== 'AES256') refuse(`BucketEncryption ${algorithm} is not supported, only AES256`);
  }
}

function readRetention({ properties, refuse }: Named): DefaultRetention | undefined {
  const configuration = objectAt(properties, 'ObjectLockConfiguration');
  const rule = objectAt(configuration, 'Rule');
  const retention = objectAt(rule, 'DefaultRetention');
  const others = [
    ...membersBeyond('ObjectLockEnabled Rule', configuration),
    ...membersBeyond('DefaultRetention', rule),
    ...membersBeyond('Days Mode', retention),
  ];
  for (const member of others) refuse(`${member} of ObjectLockConfiguration is not supported`);
  if (!('Rule' in configuration)) return undefined;
  const [mode, days] = [optionalText(retention, 'Mode'), numberAt(retention, 'Days', 0)];
  if (!Number.isInteger(days) || days < 1 || days > MAX_RETENTION_DAYS)
    refuse(`a default retention of ${days} days is not supported`);
  if (mode === 'GOVERNANCE' || mode === 'COMPLIANCE') return { mode, days };
  refuse(`Mode ${mode} of a default retention is not supported`);
  return undefined;
}
