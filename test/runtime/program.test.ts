import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { mul, silu } from "../../src/graph/ops/elementwise.ts";
import { gatherRows } from "../../src/graph/ops/gather.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { sum } from "../../src/graph/ops/stretch.ts";
import { input } from "../../src/graph/tensor.ts";
import { compile } from "../../src/runtime/program.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { normals } from "../graph/check.ts";

describe("feeding", async () => {
  const table = input("table", [2, 3]);
  const rows = input("rows", [4], "int64");
  const program = await compile({ y: gatherRows(table, rows) });
  afterAll(program.dispose);
  const numbers = new Float32Array(6);
  const indices = new BigInt64Array(4);
  const needsTable = "input table needs 6 float32 values for shape [2, 3]";
  const needsRows = "input rows needs 4 int64 values for shape [4]";

  it.each<[string, Feeds, string]>([
    ["nothing", {}, `${needsTable}, found none`],
    ["one input of two", { table: numbers }, `${needsRows}, found none`],
    [
      "too few numbers",
      { table: new Float32Array(5), rows: indices },
      `${needsTable}, found 5 float32 values`,
    ],
    [
      "too many numbers",
      { table: numbers, rows: new BigInt64Array(5) },
      `${needsRows}, found 5 int64 values`,
    ],
    ["another type", { table: numbers, rows: new Float32Array(4) }, `${needsRows}, found 4 float32 values`],
  ])("%s is an error that names the input and what it needs", async (_, feeds, message) => {
    await expect(program.run(feeds)).rejects.toThrow(new Error(message));
  });

  it("an index outside of the table is ONNX Runtime's error", async () => {
    await expect(program.run({ table: numbers, rows: BigInt64Array.of(0n, 1n, 2n, 0n) })).rejects.toThrow(
      /Gather/,
    );
  });

  it("may hold more than is asked for, and parts of larger arrays", async () => {
    const part = Float32Array.from({ length: 8 }, (_, i) => i).subarray(1, 7);
    const { y } = await program.run({ table: part, rows: BigInt64Array.of(1n, 0n, 1n, 1n), more: numbers });
    expect([...y]).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
  });
});

describe("results", () => {
  const shapes = { x: [32, 48], weight: [64, 48], bias: [64] };
  const make = () => {
    const [x, weight, bias] = Object.entries(shapes).map(([name, shape]) => input(name, shape));
    const loss = sum(silu(linear(x, weight, bias)));
    const [dWeight, dBias] = gradients(loss, [weight, bias]);
    return { loss, dWeight, dBias };
  };
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [
      name,
      normals(
        shape.reduce((a, b) => a * b),
        i,
      ),
    ]),
  );

  it.each([1, 2])(
    "are the same bit for bit, run after run and compiled again, with %i threads",
    async (threads) => {
      const program = await compile(make(), { threads });
      const first = await program.run(feeds);
      expect(await program.run(feeds)).toEqual(first);
      await program.dispose();
      const again = await compile(make(), { threads });
      expect(await again.run(feeds)).toEqual(first);
      await again.dispose();
    },
  );

  it("of an earlier run are left alone by a later one", async () => {
    const program = await compile(make());
    const first = await program.run(feeds);
    const kept = first.dWeight.slice();
    await program.run({ ...feeds, x: new Float32Array(32 * 48) });
    expect(first.dWeight).toEqual(kept);
    await program.dispose();
  });
});

it.runIf(process.platform === "linux")("a device that cannot be had is an error with a way out", async () => {
  const x = input("x", [2]);
  const failed = compile({ y: mul(x, x) }, { device: "coreml" });
  await expect(failed).rejects.toThrow(UserError);
  await expect(failed).rejects.toThrow(/^device "coreml" cannot be used here: .*Use --device cpu/s);
});
