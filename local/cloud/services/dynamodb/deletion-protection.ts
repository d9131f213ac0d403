// Refuses to delete a table that the template protects from deletion. The gateway calls it for each request to DynamoDB
// before dynalite, which knows no deletion protection.
import { internalKey } from '../../core/internal-key.ts';
import { type JsonObject, optionalText } from '../../core/json.ts';
import { AwsError } from '../../core/operations.ts';

/** An update of the stack deletes a table to create it with a new index. It uses the internal access key. */
export function checkDeletionProtection(
  tables: readonly JsonObject[],
  accessKeyId: string,
  operation: string,
  input: JsonObject,
): void {
  if (operation !== 'DeleteTable' || accessKeyId === internalKey) return;
  const name = optionalText(input, 'TableName');
  const isProtected = tables.some(
    (table) => table['TableName'] === name && table['DeletionProtectionEnabled'] === true,
  );
  // The error as reported in https://github.com/nubo-db/dynoxide/issues/46
  if (isProtected)
    throw new AwsError(
      'ValidationException',
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
}
