import { describe, expect, test } from "vitest";
import { at } from "../../src/base/at.ts";
import { decodeModel } from "../../src/families/model.ts";
import { familyNames, familyOf } from "../../src/families/registry.ts";
import { encodeSafetensors } from "../../src/weights/safetensors.ts";
import { splitTensors } from "../../src/weights/tensors.ts";
import { answersOf, feedsOf, graphsOf } from "./graphs.ts";
import { tinyModel } from "./tiny-models.ts";

/** Of the size of what is said. These networks are narrow: in wide ones more roundings add up to less. */
const LARGEST_ERROR = 0.03;

const size = (values: Float32Array): number => Math.hypot(...values);

describe("weights of 8 bits", () => {
  test.each(familyNames)("say nearly what the weights say that they were: %s", async (family) => {
    const { config, weights } = tinyModel(family);
    const tensors = splitTensors(familyOf(config).parameters(config), weights, { precision: "int8" });
    const file = encodeSafetensors(tensors, { config: JSON.stringify(config) });
    const { weights: rounded } = decodeModel(file, "it");
    for (const outputs of Object.values(graphsOf(config, 3))) {
      const feeds = Object.fromEntries([...feedsOf(config, outputs)].map(([key, [data]]) => [key, data]));
      const exact = await answersOf(config, weights, outputs, feeds);
      const found = await answersOf(config, rounded, outputs, feeds);
      for (const [key, values] of Object.entries(exact)) {
        const error = size(values.map((value, i) => value - at(found[key], i))) / size(values);
        expect(error).toBeLessThan(LARGEST_ERROR);
        expect(error).toBeGreaterThan(0);
      }
    }
  });
});
