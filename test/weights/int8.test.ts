import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameterScope } from "../../src/nn/parameters.ts";
import { fromInt8, toInt8 } from "../../src/weights/int8.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/weights/safetensors.ts";
import { joinTensors, splitTensors } from "../../src/weights/tensors.ts";

describe("numbers of 8 bits", () => {
  it("give rows back that are whole steps already, however large, and rows of zeros", () => {
    const values = Float32Array.of(-127, 64, 0, 1, 0.5, -1, 63.5, 2, 0, 0, 0, 0);
    const { data, scales } = toInt8(values, 3);
    expect([...scales]).toEqual([1, 0.5, 0]);
    expect([...data]).toEqual([-127, 64, 0, 1, 1, -2, 127, 4, 0, 0, 0, 0]);
    expect([...fromInt8({ data, scales })].slice(0, 4)).toEqual([-127, 64, 0, 1]);
  });

  it("are within half a step of what they were, a 127th of their row's largest", () => {
    const row = fc.array(fc.float({ noNaN: true, min: Math.fround(-1e3), max: Math.fround(1e3) }), {
      minLength: 8,
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const back = fromInt8(toInt8(Float32Array.from(rows.flat()), rows.length));
        for (const [i, values] of rows.entries()) {
          const step = Math.max(...values.map(Math.abs)) / 127;
          for (const [j, value] of values.entries())
            expect(Math.abs(value - (back[8 * i + j] ?? Number.NaN))).toBeLessThanOrEqual(step * 0.5001);
        }
      }),
    );
  });
});

describe("weights in a file", () => {
  const { scope, parameters } = parameterScope();
  scope.parameter("conv.weight", [2, 3, 2], { value: 0 });
  scope.parameter("conv.bias", [2], { value: 0 });
  const flat = Float32Array.from({ length: 14 }, (_, i) => Math.sin(3 * i) / (1 + i));

  it("take 8 bits where they are rows, half precision where they are not, and come back nearly as they were", () => {
    const bytes = encodeSafetensors(splitTensors(parameters, flat, { precision: "int8" }));
    const { tensors } = decodeSafetensors(bytes, "it");
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ["conv.weight.scale", "F32", [2]],
      ["conv.bias", "F16", [2]],
      ["conv.weight", "I8", [2, 3, 2]],
    ]);
    const back = joinTensors(tensors, "", parameters, "it");
    expect(Math.max(...flat.map((value, i) => Math.abs(value - (back[i] ?? Number.NaN))))).toBeLessThan(
      0.004,
    );
  });

  it("of 8 bits without their scales are refused", () => {
    const entries = splitTensors(parameters, flat, { precision: "int8" });
    const { tensors } = decodeSafetensors(
      encodeSafetensors(entries.filter(([name]) => !name.endsWith("scale"))),
      "it",
    );
    expect(() => joinTensors(tensors, "", parameters, "model.safetensors")).toThrow(
      'model.safetensors: tensor "conv.weight" has 8 bits a number, which needs "conv.weight.scale", F32 [2]; found none.',
    );
  });
});
