// Collects what an iterator yields. The audit's commands use it in place of `Array.fromAsync`, which Node.js 20 lacks.

export async function listOf<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
