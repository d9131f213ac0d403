// Finds the tables of a stack, and what an earlier deployment left behind: CloudFormation keeps the tables and the
// bucket of the audit when a first deployment fails or a stack is removed. `preflight.ts` and `destroy.ts` call it.
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateListStateMachines, SFNClient } from '@aws-sdk/client-sfn';

/** Names of all tables that a stack with this name created, including those that it no longer has. */
export async function tablesOf(stack: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient() }, {}))
    names.push(...TableNames.filter((name) => isOf(stack, name)));
  return names;
}

/** Whether the stack exists, by its state machine, which a failed first deployment deletes again. */
export async function isDeployed(stage: string): Promise<boolean> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: new SFNClient() }, {}))
    if (stateMachines.some(({ name }) => name === `countersign-${stage}-trading`)) return true;
  return false;
}

/**
 * Describes what is left of an earlier deployment, with the commands that delete or import it. Call it if no stack
 * exists.
 */
export async function leftOver(stack: string): Promise<{ readonly found: string; readonly note?: string }> {
  const tables = await tablesOf(stack);
  const { Buckets = [] } = await new S3Client().send(new ListBucketsCommand({}));
  // CloudFormation generates bucket names from the name of the stack, in lower case.
  const start = `${stack.toLowerCase()}-slackapprovals`;
  const buckets = Buckets.map(({ Name = '' }) => Name).filter((name) => name.startsWith(start));
  if (tables.length + buckets.length === 0) return { found: 'nothing' };
  return {
    found: [...tables, ...buckets].join(', '),
    note: `This deployment creates new, empty tables and a new bucket beside them. To delete a table:
       aws dynamodb update-table --table-name <table> --no-deletion-protection-enabled
       aws dynamodb delete-table --table-name <table>
     To delete an empty bucket: aws s3 rb s3://<bucket>
     To keep using the old tables, answer n below, delete a failed stack (aws cloudformation delete-stack --stack-name ${stack}),
     and run npx cdk import ${stack} with your settings. It asks for the name of each table.`,
  };
}

/** Compares the whole stack name: `Countersign-dev` must not match tables of `Countersign-dev-2`. */
function isOf(stack: string, table: string): boolean {
  return ['SlackApprovals', 'TradingWorkflow'].some((part) => table.startsWith(`${stack}-${part}`));
}
