import { describe, expect, test } from "vitest";
import { presetOf } from "../../src/families/configure.ts";
import { familyNames, familyOf } from "../../src/families/registry.ts";
import { encodeSafetensors } from "../../src/weights/safetensors.ts";
import { splitTensors } from "../../src/weights/tensors.ts";
import { randomModel } from "./tiny-models.ts";

/** Bytes of the file of a model of a family's preset `ten` by 8 bits a number. */
function bytesOf(family: string): number {
  const { config, weights } = randomModel(presetOf(family, "ten"));
  const tensors = splitTensors(familyOf(config).parameters(config), weights, { precision: "int8" });
  return encodeSafetensors(tensors, { config: JSON.stringify(config) }).length;
}

describe("the preset ten", () => {
  test("makes models that are small by 8 bits a number: none above 3 MB, all together below 17", () => {
    const sizes = familyNames.map(bytesOf);
    expect(Math.max(...sizes)).toBeLessThan(3e6);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(17e6);
  });
});
