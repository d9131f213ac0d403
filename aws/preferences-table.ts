// Stores the settings of people: direct messages, out of office, and the delegate. The bot writes them; relay-result,
// request-approval and the reconciler read them. Settings are items of the approvals table.
import {
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { undefinedIfConditionFailed } from './approval-items.ts';
import { type OutOfOffice, isOut, type Preferences } from '../domain/out-of-office.ts';

export interface PreferencesTable {
  /** Returns the settings of the person, or the defaults. Omits an out-of-office period that has ended. */
  preferences(person: string, now: Date): Promise<Preferences>;
  setPreferences(person: string, preferences: Preferences): Promise<void>;
  /**
   * Removes the delegate from the settings of the person. Returns false if this delegation has ended or was changed.
   * @param outUntil the last day of the delegation, such as `2026-11-30`
   */
  removeDelegate(person: string, delegate: string, outUntil: string, now: Date): Promise<boolean>;
  /** The people who are out today, each in their own time zone. */
  outOfOffice(now: Date): Promise<readonly OutOfOffice[]>;
}

/** The partition key of all settings. No execution has this name, because Step Functions allows no colon in names. */
const PEOPLE = ':people';

export function preferencesTable(client: DynamoDBClient, table: string): PreferencesTable {
  const preferencesOf = async (person: string, now: Date): Promise<Preferences> => {
    const Key = marshall({ execution: PEOPLE, id: person });
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    const stored = Item ? toPreferences(Item) : { directMessages: true };
    return isOut(stored, now) ? stored : { directMessages: stored.directMessages };
  };

  return {
    preferences: preferencesOf,
    async setPreferences(person, preferences) {
      const Item = marshall(
        { execution: PEOPLE, id: person, ...preferences },
        { removeUndefinedValues: true },
      );
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    async removeDelegate(person, delegate, outUntil, now) {
      // The day ends in the time zone of the person, which a condition cannot compute.
      if ((await preferencesOf(person, now)).outUntil !== outUntil) return false;
      const update = new UpdateItemCommand({
        TableName: table,
        Key: marshall({ execution: PEOPLE, id: person }),
        UpdateExpression: 'REMOVE delegate',
        ConditionExpression: 'delegate = :delegate AND outUntil = :outUntil',
        ExpressionAttributeValues: marshall({ ':delegate': delegate, ':outUntil': outUntil }),
      });
      return (await undefinedIfConditionFailed(client.send(update))) !== undefined;
    },
    async outOfOffice(now) {
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'execution = :people',
          ExpressionAttributeValues: marshall({ ':people': PEOPLE }),
        },
      );
      const outOfOffice: OutOfOffice[] = [];
      for await (const { Items = [] } of pages) {
        for (const item of Items) {
          const preferences = toPreferences(item);
          if (isOut(preferences, now)) outOfOffice.push({ person: item['id']?.S ?? '', ...preferences });
        }
      }
      return outOfOffice;
    },
  };
}

function toPreferences(item: Parameters<typeof unmarshall>[0]): Preferences {
  const { directMessages, outUntil, timeZone, delegate } = unmarshall(item);
  return { directMessages, outUntil, timeZone, delegate };
}
