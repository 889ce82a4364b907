/**
 * Takes items while `more` wants them, and gives an iterator over all items, these first: it lets go of each as it gives
 * it, and `taken` is empty then. Who does not iterate it calls its `return`.
 */
export async function lookAhead<T extends object>(
  items: AsyncIterable<T>,
  more: (taken: readonly T[]) => boolean,
): Promise<{ taken: readonly T[]; all: AsyncIterableIterator<T> }> {
  const source = items[Symbol.asyncIterator]();
  const taken: T[] = [];
  while (more(taken)) {
    const next = await source.next();
    if (next.done) break;
    taken.push(next.value);
  }
  const all: AsyncIterableIterator<T> = {
    next: async () => {
      const value = taken.shift();
      return value === undefined ? source.next() : { value };
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => all,
  };
  return { taken, all };
}

/** The first bytes of a stream, `count` where it has so many, and an iterator over the whole stream. */
export async function firstBytes(
  bytes: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ head: Buffer; whole: AsyncIterableIterator<Uint8Array> }> {
  const lengthOf = (chunks: readonly Uint8Array[]) => chunks.reduce((sum, { length }) => sum + length, 0);
  const { taken, all } = await lookAhead(bytes, (chunks) => lengthOf(chunks) < count);
  return { head: Buffer.concat(taken).subarray(0, count), whole: all };
}
