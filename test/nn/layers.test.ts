import { describe, expect, it } from "vitest";
import { type Shape, sizeOf } from "../../src/graph/shape.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import { conv1d, conv2d, embedding, linear } from "../../src/nn/layers.ts";
import {
  initialize,
  type Parameter,
  parameterCount,
  parameterScope,
  parameterViews,
  type Scope,
} from "../../src/nn/parameters.ts";
import { checkGraph } from "../graph/check.ts";

/** A layer over a fresh scope. */
function build(layer: (scope: Scope) => Tensor) {
  const { scope, parameters } = parameterScope();
  const y = layer(scope.child("layer"));
  return { y, parameters, tensors: parameters.map(({ tensor }) => tensor) };
}
const describeAll = (parameters: readonly Parameter[]) =>
  parameters.map(({ name, shape, initialization }) => [name, shape, initialization]);

describe("layers", () => {
  it("linear", () => {
    const x = input("x", [2, 9]);
    const { y, parameters, tensors } = build((scope) => linear(scope, x, 4));
    const initialization = { uniform: 1 / 3 };
    expect(describeAll(parameters)).toEqual([
      ["layer.weight", [4, 9], initialization],
      ["layer.bias", [4], initialization],
    ]);
    return checkGraph({ inputs: [x, ...tensors], outputs: [y] });
  });

  it("conv1d", () => {
    const x = input("x", [2, 3, 5]);
    const { y, parameters, tensors } = build((scope) => conv1d(scope, x, 4, 3));
    const initialization = { uniform: 1 / 3 };
    expect(describeAll(parameters)).toEqual([
      ["layer.weight", [4, 3, 3], initialization],
      ["layer.bias", [4], initialization],
    ]);
    return checkGraph({ inputs: [x, ...tensors], outputs: [y] });
  });

  it("conv2d", () => {
    const x = input("x", [2, 4, 3, 2]);
    const { y, parameters, tensors } = build((scope) => conv2d(scope, x, 3, 3));
    const initialization = { uniform: 1 / 6 };
    expect(describeAll(parameters)).toEqual([
      ["layer.weight", [3, 4, 3, 3], initialization],
      ["layer.bias", [3], initialization],
    ]);
    return checkGraph({ inputs: [x, ...tensors], outputs: [y] });
  });

  it("embedding", () => {
    const labels = input("labels", [3], "int64");
    const { y, parameters, tensors } = build((scope) => embedding(scope, labels, 4, 2));
    expect(describeAll(parameters)).toEqual([["layer.weight", [4, 2], { normal: 1 }]]);
    return checkGraph({ inputs: [labels, ...tensors], outputs: [y], feeds: { labels: [3, 0, 3] } });
  });
});

describe("parameters", () => {
  const declare = (...shapes: Shape[]) => {
    const { scope, parameters } = parameterScope();
    for (const [i, shape] of shapes.entries()) scope.parameter(`p${i}`, shape, { uniform: 0.5 });
    return parameters;
  };

  it("are parts of one flat vector, which share its memory", () => {
    const parameters = declare([2, 2], [], [3]);
    expect(parameterCount(parameters)).toBe(8);
    const flat = Float32Array.from({ length: 8 }, (_, i) => i);
    const views = parameterViews(parameters, flat);
    expect([...views]).toEqual([
      ["p0", Float32Array.of(0, 1, 2, 3)],
      ["p1", Float32Array.of(4)],
      ["p2", Float32Array.of(5, 6, 7)],
    ]);
    views.get("p2")?.fill(9);
    expect([...flat.subarray(4)]).toEqual([4, 9, 9, 9]);
  });

  it("begin as they are told", () => {
    const { scope, parameters } = parameterScope();
    scope.parameter("uniform", [100, 100], { uniform: 0.5 });
    scope.parameter("normal", [100, 100], { normal: 2 });
    scope.parameter("value", [7], { value: 3 });
    const views = parameterViews(parameters, initialize(parameters, 1));
    const moments = (name: string) => {
      const values = [...(views.get(name) ?? [])];
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return { mean, deviation: Math.sqrt(values.reduce((a, x) => a + (x - mean) ** 2, 0) / values.length) };
    };
    expect(Math.max(...(views.get("uniform") ?? []).map(Math.abs))).toBeLessThanOrEqual(0.5);
    // Four standard errors of 10,000 draws.
    expect(Math.abs(moments("uniform").mean)).toBeLessThan(4 * 0.0029);
    expect(Math.abs(moments("uniform").deviation - 1 / Math.sqrt(12))).toBeLessThan(0.005);
    expect(Math.abs(moments("normal").mean)).toBeLessThan(4 * 0.02);
    expect(Math.abs(moments("normal").deviation - 2)).toBeLessThan(4 * 0.0142);
    expect(views.get("value")).toEqual(new Float32Array(7).fill(3));
  });

  it("begin the same for one seed, otherwise for another, each by its own stream", () => {
    const parameters = declare([4], [4]);
    const first = initialize(parameters, 1);
    expect(initialize(parameters, 1)).toEqual(first);
    expect(initialize(parameters, 2)).not.toEqual(first);
    expect(first.subarray(0, 4)).not.toEqual(first.subarray(4));
    // A parameter's values do not hang on the sizes of those before it.
    const wider = declare([40], [4]);
    expect(initialize(wider, 1).subarray(40)).toEqual(first.subarray(sizeOf([4])));
  });
});
