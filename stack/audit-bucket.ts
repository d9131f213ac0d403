// The S3 bucket with the copies of the audit. Object Lock keeps each copy until its retention ends, and the bucket's
// policy lets only the functions that write copies add one. `ApprovalStorage` creates one `AuditBucket`.
import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';

export const AUDIT_RETENTION_MODES = ['governance', 'compliance'] as const;
export const AUDIT_LEGAL_HOLD = ['off', 'on'] as const;

export interface AuditSettings {
  /** S3's retention mode of the copies of the audit: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
  readonly auditRetentionMode: (typeof AUDIT_RETENTION_MODES)[number];
  /** Retention period of each new copy, in days. */
  readonly auditRetentionDays: number;
  /** `on`: each new copy has a legal hold too, which lasts until somebody removes it. */
  readonly auditLegalHold: (typeof AUDIT_LEGAL_HOLD)[number];
}

export class AuditBucket extends Construct {
  readonly bucket: Bucket;
  private readonly legalHold: AuditSettings['auditLegalHold'];
  /** ARNs of the roles that may add copies. */
  private readonly writers: string[] = [];

  constructor(scope: Construct, id: string, settings: AuditSettings) {
    super(scope, id);
    const { auditRetentionMode, auditRetentionDays, auditLegalHold } = settings;
    this.legalHold = auditLegalHold;
    this.bucket = new Bucket(this, 'Copies', {
      objectLockDefaultRetention: ObjectLockRetention[auditRetentionMode](Duration.days(auditRetentionDays)),
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.denyRewriting();
    // Without the policy, the copies of a deleted stack could be deleted with a bypass of their retention.
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  /** Allows the function to add copies. It cannot read, replace or delete one. */
  grantAdd(grantee: BundledFunction): void {
    grantee.setVariable('AUDIT_BUCKET', this.bucket.bucketName);
    grantee.setVariable('AUDIT_LEGAL_HOLD', this.legalHold);
    const hold = this.legalHold === 'on' ? ['s3:PutObjectLegalHold'] : [];
    grantee.allow(['s3:PutObject', ...hold], this.bucket.arnForObjects('*'));
    if (grantee.role) this.writers.push(grantee.role.roleArn);
  }

  /** Applies to everyone, also to administrators. Only somebody who may change the policy of the bucket can end it. */
  private denyRewriting(): void {
    this.deny(['s3:PutObject'], {
      ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.writers }) },
    });
    // A put without the header would add a version that hides the first one:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    this.deny(['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } });
    this.deny(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention']);
    // Replication within an account needs no permission in this policy, and does not put objects:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    this.deny(['s3:ReplicateObject', 's3:ReplicateDelete']);
  }

  private deny(actions: readonly string[], conditions?: Readonly<Record<string, object>>): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [this.bucket.arnForObjects('*')],
        ...(conditions ? { conditions } : {}),
      }),
    );
  }
}
