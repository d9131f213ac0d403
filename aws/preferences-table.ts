// What people set for themselves, kept beside the approvals: whether results come to them directly, until when they are
// out, who stands in. The bot writes it from Home, the relay and keep-watch read it.
import { type DynamoDBClient, GetItemCommand, paginateQuery, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type OutOfOffice, isOut, type Preferences } from '../domain/out-of-office.ts';

export interface PreferencesTable {
  /** As they are now: an absence that is over is none any more. */
  preferences(person: string, now: Date): Promise<Preferences>;
  setPreferences(person: string, preferences: Preferences): Promise<void>;
  /** Who is out today. */
  outOfOffice(now: Date): Promise<readonly OutOfOffice[]>;
}

/** No execution has such a name: Step Functions allows no colon in one. */
const PEOPLE = ':people';

export function preferencesTable(client: DynamoDBClient, table: string): PreferencesTable {
  return {
    async preferences(person, now) {
      const Key = marshall({ execution: PEOPLE, id: person });
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      const set = Item ? toPreferences(Item) : { directMessages: true };
      return isOut(set, now) ? set : { directMessages: set.directMessages };
    },
    async setPreferences(person, preferences) {
      const Item = marshall(
        { execution: PEOPLE, id: person, ...preferences },
        { removeUndefinedValues: true },
      );
      await client.send(new PutItemCommand({ TableName: table, Item }));
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
          if (isOut(preferences, now))
            outOfOffice.push({ person: item['id']?.S ?? '', delegate: preferences.delegate });
        }
      }
      return outOfOffice;
    },
  };
}

function toPreferences(item: Parameters<typeof unmarshall>[0]): Preferences {
  const { directMessages, outUntil, delegate } = unmarshall(item);
  return { directMessages, outUntil, delegate };
}
