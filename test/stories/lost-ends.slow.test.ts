// A story without EventBridge's events of executions that ended: the sweep finds the order that works for nobody.
import { rmSync } from 'node:fs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, it } from 'vitest';
import { openOrders, openReservations } from '../../fault-injection/paper-orders.ts';
import { assemblyWith, template } from '../support/changed-assembly.ts';
import { tellMarket } from '../support/market.ts';
import { BEN, openDesk, operator } from '../support/trading-desk.ts';

/** The rule of failed executions matches nothing. */
const withoutEvents = Object.fromEntries(
  Object.entries(template.Resources).map(([id, resource]) => {
    const { EventPattern } = resource.Properties;
    if (!EventPattern?.detail?.status) return [id, resource];
    const detail = { ...EventPattern.detail, status: ['RUNNING'], stateMachineArn: ['none'] };
    return [
      id,
      { ...resource, Properties: { ...resource.Properties, EventPattern: { ...EventPattern, detail } } },
    ];
  }),
);

it('an order is cancelled although nobody said that its execution was stopped', async () => {
  const assembly = assemblyWith(withoutEvents);
  const desk = await openDesk({ assembly });
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
  const items = async () => {
    const { Items = [] } = await dynamodb.send(
      new ScanCommand({ TableName: desk.cloud.outputs['LedgerTable'] }),
    );
    return Items.map((item) => unmarshall(item));
  };
  try {
    const message = await desk.ask('/trade buy AMZN 7');
    await tellMarket(desk, 'AMZN', { factor: 1.03 });
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(10_000);
    await desk.sfn.send(new StopExecutionCommand({ executionArn: await desk.lastExecution() }));
    await desk.cloud.advance(30_000);
    expect(openOrders(await items())).toHaveLength(1);
    await desk.cloud.advance(4 * 60_000);
    expect(openOrders(await items())).toEqual([]);
    expect(openReservations(await items())).toEqual([]);
    expect(desk.now(message).text).toMatch(/^Cancelled: .*Nothing was traded\./s);
  } finally {
    dynamodb.destroy();
    await desk.stop();
    rmSync(assembly, { recursive: true });
  }
});
