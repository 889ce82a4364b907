import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { gradients } from "../../../src/graph/gradient.ts";
import { toOnnx } from "../../../src/graph/onnx/model.ts";
import { conv1d } from "../../../src/graph/ops/conv1d.ts";
import { add, mul, silu } from "../../../src/graph/ops/elementwise.ts";
import { gatherRows } from "../../../src/graph/ops/gather.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { shift, split } from "../../../src/graph/ops/shape.ts";
import { sum } from "../../../src/graph/ops/stretch.ts";
import { constant, input, scalar } from "../../../src/graph/tensor.ts";
import { compile } from "../../../src/runtime/program.ts";
import { readModel } from "./read.ts";

const FLOAT = 1;
const INT64 = 7;
const x = input("x", [2, 3]);

describe("the ONNX file", () => {
  it("declares its versions, inputs and outputs", () => {
    const rows = input("rows", [4], "int64");
    const model = readModel(toOnnx({ y: gatherRows(x, rows) }));
    expect(model.irVersion).toBe(8);
    expect(model.opsets).toEqual([
      { domain: "", version: 18 },
      { domain: "com.microsoft", version: 1 },
    ]);
    expect(model.inputs).toEqual([
      { name: "x", elementType: FLOAT, shape: [2, 3] },
      { name: "rows", elementType: INT64, shape: [4] },
    ]);
    expect(model.outputs).toEqual([{ name: "y", elementType: FLOAT, shape: [4, 3] }]);
    expect(model.nodes).toEqual([
      { inputs: ["x", "rows"], outputs: ["y"], type: "Gather", domain: "", attributes: { axis: 0 } },
    ]);
  });

  it("writes attributes of every kind, and the domain of operators beside the standard", () => {
    const weight = input("weight", [2, 2, 3]);
    const signal = input("signal", [1, 2, 4]);
    const y = conv1d(shift(silu(signal), -1), weight, constant([0, 0], [2]));
    const { nodes } = readModel(toOnnx({ y }));
    expect(nodes.map(({ type, domain, attributes }) => [type, domain, attributes])).toEqual([
      ["QuickGelu", "com.microsoft", { alpha: 1 }],
      ["Pad", "", { mode: "constant" }],
      ["Conv", "", { kernel_shape: [3], pads: [1, 1] }],
    ]);
  });

  it("holds constants once, by contents and shape", () => {
    const y = add(add(constant([1, 2], [2]), constant([1, 2], [2])), constant([1, 2], [1, 2]));
    const { initializers } = readModel(toOnnx({ y }));
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    expect(initializers.map(({ elementType, shape, data }) => [elementType, shape, data])).toEqual([
      [FLOAT, [2], bytes],
      [FLOAT, [1, 2], bytes],
    ]);
  });

  it("holds negative 64-bit constants", () => {
    const { initializers } = readModel(toOnnx({ y: shift(x, -1) }));
    const [{ elementType, shape, data }] = initializers;
    expect([elementType, shape, data]).toEqual([
      INT64,
      [4],
      new Uint8Array(BigInt64Array.of(0n, -1n, 0n, 1n).buffer),
    ]);
  });

  it("turns inputs with given weights into constants, and asks for the others only", async () => {
    const y = add(mul(x, input("weight", [3])), input("bias", []));
    const weights = new Map([
      ["weight", Float32Array.of(1, 2, 3)],
      ["unused", Float32Array.of(9)],
    ]);
    const model = readModel(toOnnx({ y }, { initializers: weights }));
    expect(model.inputs.map(({ name }) => name)).toEqual(["x", "bias"]);
    expect(model.initializers.map(({ name, shape }) => [name, shape])).toEqual([["weight", [3]]]);
    const program = await compile({ y }, { initializers: weights });
    const results = await program.run({ x: Float32Array.of(1, 1, 1, 2, 2, 2), bias: Float32Array.of(0.5) });
    expect([...results.y]).toEqual([1.5, 2.5, 3.5, 2.5, 4.5, 6.5]);
    await program.dispose();
  });

  it("refuses weights that do not fill their input", () => {
    expect(() => toOnnx({ y: mul(x, x) }, { initializers: new Map([["x", new Float32Array(5)]]) })).toThrow(
      "initializer x needs 6 values for shape [2, 3], found 5",
    );
  });

  it("is the same, byte for byte, for the same graph made again", () => {
    const make = () => {
      const [a, b] = ["a", "b"].map((name) => input(name, [2, 2, 2]));
      const loss = sum(silu(matmul(a, b, { transB: true })));
      const [da, db] = gradients(loss, [a, b]);
      return toOnnx({ loss, da, db });
    };
    expect(make()).toEqual(make());
  });
});

describe("outputs", () => {
  const y = mul(x, scalar(2));
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const doubled = values.map((value) => 2 * value);

  it.each([
    ["an input", { same: x }, { same: values }],
    ["an input under two names", { one: x, two: x }, { one: values, two: values }],
    ["a value under two names", { y, again: y }, { y: doubled, again: doubled }],
    ["a value and what comes of it", { y, z: add(y, x) }, { y: doubled, z: values.map((v) => 3 * v) }],
    ["a constant", { y, one: scalar(1) }, { y: doubled, one: Float32Array.of(1) }],
    [
      "a constant under two names",
      { one: scalar(1), eins: scalar(1), y },
      { one: [1], eins: [1], y: doubled },
    ],
    ["a name like those of inner values", { v1: mul(add(x, x), x) }, { v1: values.map((v) => 2 * v * v) }],
    ["one piece of a split", { piece: split(x, 1, [1, 2])[1] }, { piece: [2, 3, 5, 6] }],
  ])("may be %s", async (_, outputs, expected) => {
    const program = await compile<string>(outputs);
    const results = await program.run({ x: values });
    const plain = (named: Record<string, ArrayLike<number>>) =>
      Object.fromEntries(Object.entries(named).map(([name, numbers]) => [name, Array.from(numbers)]));
    expect(plain(results)).toEqual(plain(expected));
    await program.dispose();
  });

  it("may be a constant alone", async () => {
    const program = await compile({ numbers: constant([1, 2], [2, 1]) });
    expect([...(await program.run({})).numbers]).toEqual([1, 2]);
    await program.dispose();
  });

  it("may be a weight", async () => {
    const program = await compile({ same: x }, { initializers: new Map([["x", values]]) });
    expect(await program.run({})).toEqual({ same: values });
    await program.dispose();
  });
});

describe("names", () => {
  it("of inputs may be like those of inner values", async () => {
    const v = ["v0", "v1", "v2"].map((name) => input(name, []));
    const program = await compile({ v3: mul(add(mul(v[0], v[1]), v[2]), add(v[0], scalar(5))) });
    const feeds = { v0: Float32Array.of(2), v1: Float32Array.of(3), v2: Float32Array.of(4) };
    expect([...(await program.run(feeds)).v3]).toEqual([70]);
    await program.dispose();
  });

  it("of two inputs must differ", () => {
    expect(() => toOnnx({ y: add(input("a", [2]), input("a", [2])) })).toThrow('two inputs are called "a"');
  });

  it("of an output must not be an input's", () => {
    expect(() => toOnnx({ x: mul(x, x) })).toThrow('"x" names an input and an output');
    expect(() => toOnnx({ x })).toThrow('"x" names an input and an output');
  });

  it("may hold anything", async () => {
    const odd = input("çizgi/0:weird name", []);
    const program = await compile({ "ü.0": mul(odd, odd) });
    expect(await program.run({ "çizgi/0:weird name": Float32Array.of(3) })).toEqual({
      "ü.0": Float32Array.of(9),
    });
    await program.dispose();
  });
});

describe("a graph of one row, written for any number of rows", () => {
  const weight = input("weight", [3, 2]);
  const rows = input("rows", [1, 3]);
  const kinds = input("kinds", [1], "int64");
  const table = input("table", [4, 2]);
  const y = add(matmul(rows, weight), gatherRows(table, kinds));
  const initializers = new Map([
    ["weight", Float32Array.of(1, 2, 3, 4, 5, 6)],
    ["table", Float32Array.of(0, 0, 10, 20, 30, 40, 50, 60)],
  ]);
  const bytes = toOnnx({ y, twice: mul(rows, scalar(2)) }, { initializers, rows: "batch" });

  it("computes each row as if it were alone, weights shared", async () => {
    const session = await ort.InferenceSession.create(bytes);
    for (const count of [1, 3, 17]) {
      const values = Float32Array.from({ length: count * 3 }, (_, i) => (i % 7) - 3);
      const labels = BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 4));
      const found = await session.run({
        rows: new ort.Tensor("float32", values, [count, 3]),
        kinds: new ort.Tensor("int64", labels, [count]),
      });
      const expected = Array.from({ length: count }, (_, row) => {
        const [a, b, c] = values.subarray(3 * row);
        const kind = Number(labels[row]) * 2;
        const tableRow = initializers.get("table")?.subarray(kind, kind + 2) ?? [];
        return [a + 3 * b + 5 * c + tableRow[0], 2 * a + 4 * b + 6 * c + tableRow[1]];
      }).flat();
      expect(found.y.dims).toEqual([count, 2]);
      expect([...(found.y.data as Float32Array)]).toEqual(expected);
      expect([...(found.twice.data as Float32Array)]).toEqual([...values].map((value) => 2 * value));
    }
    await session.release();
  });

  it("says which size may be any", () => {
    const { inputs, outputs } = readModel(bytes);
    expect(inputs).toEqual([
      { name: "rows", elementType: FLOAT, shape: ["batch", 3] },
      { name: "kinds", elementType: INT64, shape: ["batch"] },
    ]);
    expect(outputs.map(({ shape }) => shape)).toEqual([
      ["batch", 2],
      ["batch", 3],
    ]);
  });

  it("refuses a graph of more rows", () => {
    expect(() => toOnnx({ y: mul(x, x) }, { rows: "batch" })).toThrow("one row, found");
  });
});

it("loads in ONNX Runtime as a file would", async () => {
  const session = await ort.InferenceSession.create(toOnnx({ y: mul(x, x) }));
  expect([session.inputNames, session.outputNames]).toEqual([["x"], ["y"]]);
  await session.release();
});
