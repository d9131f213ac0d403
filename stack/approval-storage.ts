// The table of approvals, the audit table and the bucket with its copies, with the methods that grant functions access. `SlackApprovals`
// creates one `ApprovalStorage`, and each construct that needs access calls a grant method.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { DECIDED_INDEX, NEXT_CHECK_INDEX, OPEN_INDEX } from '../aws/names/indexes.ts';
import { AuditBucket, type AuditSettings } from './audit-bucket.ts';
import type { BundledFunction } from './bundled-function.ts';

export class ApprovalStorage extends Construct {
  readonly approvals: Table;
  readonly audit: Table;
  readonly auditBucket: AuditBucket;

  constructor(scope: Construct, id: string, settings: AuditSettings) {
    super(scope, id);
    this.approvals = this.approvalsTable();
    this.audit = this.auditTable();
    this.auditBucket = new AuditBucket(this, 'AuditBucket', settings);
  }

  /** Allows the function to read and write approvals, and to query the given indexes. */
  grantApprovals(grantee: BundledFunction, ...indexes: readonly string[]): void {
    const { tableArn } = this.approvals;
    grantee.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      tableArn,
    );
    if (indexes.length > 0)
      grantee.allow(['dynamodb:Query'], ...indexes.map((index) => `${tableArn}/index/${index}`));
  }

  /**
   * Allows the function to add audit entries. No function may update or delete items, and `aws/audit-table.ts` puts an
   * entry only if it is new.
   */
  grantAuditWrite(grantee: BundledFunction): void {
    grantee.setVariable('AUDIT_TABLE', this.audit.tableName);
    grantee.allow(['dynamodb:PutItem'], this.audit.tableArn);
  }

  grantAuditReadWrite(grantee: BundledFunction): void {
    grantee.setVariable('AUDIT_TABLE', this.audit.tableName);
    grantee.allow(['dynamodb:PutItem', 'dynamodb:Query'], this.audit.tableArn);
  }

  private approvalsTable(): Table {
    const table = new Table(this, 'Approvals', {
      partitionKey: { name: 'execution', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      // Approvals do not have this attribute, so DynamoDB deletes none.
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const indexes = [
      { indexName: OPEN_INDEX, partition: 'open', sort: 'deadline' },
      { indexName: NEXT_CHECK_INDEX, partition: 'open', sort: 'nextCheckAt' },
      { indexName: DECIDED_INDEX, partition: 'decidedIn', sort: 'decidedAt' },
    ];
    for (const { indexName, partition, sort } of indexes)
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: partition, type: AttributeType.STRING },
        sortKey: { name: sort, type: AttributeType.STRING },
        // Project keys only, so that an index holds no task tokens.
        projectionType: ProjectionType.KEYS_ONLY,
      });
    return table;
  }

  private auditTable(): Table {
    return new Table(this, 'Audit', {
      partitionKey: { name: 'month', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
