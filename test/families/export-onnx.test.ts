import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { toModelOnnx } from "../../src/families/network.ts";
import { familyNames } from "../../src/families/registry.ts";
import { answersOf, feedsOf, graphsOf } from "./graphs.ts";
import { tinyModel } from "./tiny-models.ts";

describe("the networks of a model as ONNX models", () => {
  test.each([
    ...familyNames.map((family) => ({ family, sizes: {} })),
    { family: "sketchrnn-mdn" as const, sizes: { codeWidth: 3 } },
  ])("say for any number of drawings what they say here: $family $sizes", async ({ family, sizes }) => {
    const { config, weights } = tinyModel(family, undefined, sizes);
    const written = toModelOnnx({ config, weights });
    expect(Object.keys(written)).toEqual(Object.keys(graphsOf(config, 1)));
    for (const [name, bytes] of Object.entries(written)) {
      const session = await ort.InferenceSession.create(bytes);
      for (const rows of [1, 3]) {
        const outputs = graphsOf(config, rows)[name];
        const fed = [...feedsOf(config, outputs)];
        const said = await session.run(
          Object.fromEntries(
            fed.map(([key, [data, shape]]) => [
              key,
              new ort.Tensor(data instanceof Float32Array ? "float32" : "int64", data, shape),
            ]),
          ),
        );
        const feeds = Object.fromEntries(fed.map(([key, [data]]) => [key, data]));
        const here = await answersOf(config, weights, outputs, feeds);
        expect(Object.keys(said).sort()).toEqual(Object.keys(here).sort());
        for (const [key, values] of Object.entries(here)) {
          expect(said[key].dims).toEqual(outputs[key].shape);
          const found = said[key].data as Float32Array;
          for (const [i, value] of values.entries()) expect(found[i]).toBeCloseTo(value, 4);
        }
      }
      await session.release();
    }
  });
});
