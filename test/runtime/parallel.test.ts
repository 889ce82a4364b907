import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { add, mul } from "../../src/graph/ops/elementwise.ts";
import { gatherRows } from "../../src/graph/ops/gather.ts";
import { input, scalar } from "../../src/graph/tensor.ts";
import { compileParallel } from "../../src/runtime/parallel.ts";

const share = (...values: number[]) => ({ x: Float32Array.from(values) });

describe.each([1, 2, 3])("%i workers", async (workers) => {
  const scale = input("scale", [2]);
  const shift = input("shift", [2]);
  const x = input("x", [2]);
  const outputs = { y: add(mul(x, scale), shift), square: mul(x, x), one: scalar(1) };
  const program = await compileParallel(outputs, { scale, shift }, { workers, threads: 1 });
  afterAll(program.dispose);

  const sumsOver = async (common: { scale: Float32Array; shift: Float32Array }, shares: number[][]) => {
    const sums = { y: new Float32Array(2), square: new Float32Array(2), one: new Float32Array(1) };
    await program.run(
      common,
      shares.map((values) => share(...values)),
      sums,
    );
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, [...sum]]));
  };
  const shares = Array.from({ length: workers }, (_, i) => [i + 1, 10 * (i + 1)]);

  it("add up the outputs over their shares", async () => {
    const total = shares.reduce((sum, [x]) => sum + x, 0);
    const squares = shares.reduce((sum, [x]) => sum + x * x, 0);
    const common = { scale: Float32Array.of(2, 3), shift: Float32Array.of(1, -1) };
    expect(await sumsOver(common, shares)).toEqual({
      y: [2 * total + workers, 30 * total - workers],
      square: [squares, 100 * squares],
      one: [workers],
    });
  });

  it("need a share each", async () => {
    const common = { scale: new Float32Array(2), shift: new Float32Array(2) };
    await expect(sumsOver(common, [...shares, [1, 2]])).rejects.toThrow(
      `needs a share for each of ${workers} workers, found ${workers + 1}`,
    );
  });

  it("take the common inputs anew at every run", async () => {
    const total = shares.reduce((sum, [x]) => sum + x, 0);
    for (const factor of [1, -2, 0.5]) {
      const common = { scale: new Float32Array(2).fill(factor), shift: new Float32Array(2) };
      expect((await sumsOver(common, shares)).y).toEqual([total * factor, 10 * total * factor]);
    }
  });
});

it("shares may be parts of larger arrays", async () => {
  const x = input("x", [2]);
  const program = await compileParallel({ y: add(x, x) }, {}, { workers: 2 });
  const whole = Float32Array.of(1, 2, 3, 4);
  const y = new Float32Array(4);
  await program.run({}, [{ x: whole.subarray(0, 2) }, { x: whole.subarray(2) }], { y: y.subarray(1, 3) });
  expect([...y]).toEqual([0, 8, 12, 0]);
  await program.dispose();
});

it("what ONNX Runtime says in a worker is the run's error", async () => {
  const rows = input("rows", [1], "int64");
  const program = await compileParallel({ y: gatherRows(input("table", [2, 1]), rows) }, {}, { workers: 2 });
  const table = new Float32Array(2);
  const pieces = [0n, 5n].map((row) => ({ table, rows: BigInt64Array.of(row) }));
  await expect(program.run({}, pieces, { y: new Float32Array(1) })).rejects.toThrow(/Gather/);
});

it("a device that cannot be had is the user's error", async () => {
  const x = input("x", [2]);
  const made = compileParallel({ y: add(x, x) }, {}, { workers: 1, device: "coreml" });
  if (process.platform === "darwin") return void (await (await made).dispose());
  await expect(made).rejects.toThrow(UserError);
  await expect(made).rejects.toThrow(/^device "coreml" cannot be used here: .* Use --device cpu/);
});
