// Stores each record that the queues deliver, so that a case can read it from the table. A message can ask it to fail.
// The stack deploys this file as it is, so it is CommonJS and uses the SDK of Lambda's runtime.
const { DynamoDBClient, PutItemCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');

const { TABLE: TableName, QUEUE_URL: QueueUrl } = process.env;
const tables = new DynamoDBClient();
const queues = new SQSClient();

exports.handler = async ({ Records }) => {
  const batchItemFailures = [];
  let answer = { batchItemFailures };
  for (const record of Records) {
    const body = parsed(record.body);
    const marker = markerOf(body, record.body);
    const nth = await countReceive(marker);
    const Item = { id: { S: `${marker} #${nth}` }, record: { S: JSON.stringify(record) } };
    await tables.send(new PutItemCommand({ TableName, Item }));
    if (body.forwards) await queues.send(new SendMessageCommand({ QueueUrl, MessageBody: body.forwards }));
    if (nth <= (body.throws ?? 0)) throw new Error('The message asks for this error.');
    // Not before the other records of the batch are stored.
    if (nth === 1 && 'answer' in body) answer = body.answer;
    if (nth <= (body.failures ?? 0)) batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return answer;
};

/** What the case finds the record by: a message's own marker, an event's execution and status, or the whole text. */
function markerOf({ marker, detail, 'detail-type': type }, text) {
  return marker ?? (detail?.status ? `${detail.name} ${detail.status}` : (type ?? text));
}

async function countReceive(marker) {
  const count = new UpdateItemCommand({
    TableName,
    Key: { id: { S: `receives of ${marker}` } },
    UpdateExpression: 'ADD receives :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });
  const { Attributes } = await tables.send(count);
  return Number(Attributes.receives.N);
}

function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
