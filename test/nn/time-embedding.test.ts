import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/graph/shape.ts";
import { input } from "../../src/graph/tensor.ts";
import { sinusoidalEmbedding } from "../../src/nn/time-embedding.ts";
import { compile } from "../../src/runtime/program.ts";
import { checkGraph, expectClose } from "../graph/check.ts";

const times = input("times", [4]);

describe("the sinusoidal time embedding", () => {
  it.each([4, 6, 128])("of size %i is the closed form, to float32's precision of the angle", async (size) => {
    const steps = [0, 1, 499, 999];
    const program = await compile({ embedding: sinusoidalEmbedding(times, size) });
    const { embedding } = await program.run({ times: Float32Array.from(steps) });
    await program.dispose();
    const half = size / 2;
    const expected = steps.flatMap((time) => {
      const angles = Array.from({ length: half }, (_, i) => time * 10000 ** (-i / (half - 1)));
      return [...angles.map(Math.sin), ...angles.map(Math.cos)];
    });
    expectClose(embedding, expected, 1e-4, "embedding");
  });

  it("has the gradient of its times", () =>
    checkGraph({ inputs: [times], outputs: [sinusoidalEmbedding(times, 6)] }));

  it.each([0, 2, 5])("refuses size %i", (size) => {
    expect(() => sinusoidalEmbedding(times, size)).toThrow(
      new ShapeError(`sinusoidalEmbedding: needs an even size of at least 4, found ${size}`),
    );
  });
});
