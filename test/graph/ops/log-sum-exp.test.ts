import { expect, it } from "vitest";
import { logSumExp } from "../../../src/graph/ops/softmax.ts";
import { input } from "../../../src/graph/tensor.ts";
import { compile } from "../../../src/runtime/program.ts";

it("a masked place, at minus infinity, adds nothing; one at infinity outweighs all", async () => {
  const program = await compile({ y: logSumExp(input("x", [4, 2])) });
  const rows = [3, -Infinity, -Infinity, -Infinity, Infinity, 3, 1e38, 1e38];
  const { y } = await program.run({ x: Float32Array.from(rows) });
  await program.dispose();
  expect([...y]).toEqual([3, -Infinity, Infinity, Math.fround(1e38)]);
});
