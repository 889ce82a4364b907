/** Everything an async iterable yields, in order (Array.fromAsync of newer Nodes). */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
