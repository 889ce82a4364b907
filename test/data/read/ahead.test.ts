import { describe, expect, it } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { lookAhead } from "../../../src/data/read/ahead.ts";
import { readNdjson } from "../../../src/data/read/ndjson.ts";

const itemsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

async function* streamed<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe("lookAhead", () => {
  it.each([0, 3, 5, 9])(
    "gives all of five items in their order, %i taken, and lets go of them",
    async (count) => {
      const { taken, all } = await lookAhead(streamed(itemsOf(5)), ({ length }) => length < count);
      expect(taken).toHaveLength(Math.min(count, 5));
      const first = await all.next();
      expect(first).toMatchObject({ value: { n: 0 } });
      expect(taken).toHaveLength(Math.max(0, Math.min(count, 5) - 1));
      expect([first.value, ...(await collect(all))]).toEqual(itemsOf(5));
      expect(taken).toEqual([]);
    },
  );
});

describe("a file whose strokes' form nothing tells", () => {
  /** How many lines are read before the first drawing comes. */
  async function linesAhead(line: string): Promise<number> {
    let read = 0;
    async function* lines() {
      while (read++ < 2000) yield Buffer.from(`${line}\n`);
    }
    for await (const _ of readNdjson(lines(), "cat.ndjson")) break;
    return read;
  }
  const undecided = (note: string) =>
    JSON.stringify({
      drawing: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      note,
    });

  it("is looked at for a thousand records, or 64 MiB of them", async () => {
    expect(await linesAhead(undecided(""))).toBe(1000);
    expect(await linesAhead(undecided("x".repeat(2 ** 24)))).toBe(4);
  });
});
