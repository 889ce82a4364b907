import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../../src/base/errors.ts";
import { encode, message } from "../../../src/graph/onnx/protobuf.ts";
import { openImageNetwork } from "../../../src/metrics/image-network/network.ts";
import {
  greyLevels,
  preprocessings,
  preprocessor,
} from "../../../src/metrics/image-network/preprocessing.ts";
import type { Sketch } from "../../../src/sketch/sketch.ts";
import { house } from "../../render/drawings.ts";
import { type Network, onnxBytes, type Shape, temporaryFolder } from "./onnx-file.ts";

const files = temporaryFolder();
afterAll(files.remove);

const SIZE = 24;
const PIXELS = SIZE * SIZE;
/** Places among a picture's [3, 24, 24] values, in all channels. */
const PICKED = Array.from({ length: 60 }, (_, i) => 29 * i);

/** A matrix that picks values of a picture as they are: 1 once in each column. */
function picking(): Float32Array {
  const data = new Float32Array(3 * PIXELS * PICKED.length);
  for (const [column, row] of PICKED.entries()) data[row * PICKED.length + column] = 1;
  return data;
}

/** Two outputs: some values of the picture, [N, 60], and the mean of each channel, [N, 3, 1, 1]. */
const network = (batch: number | string): Network => ({
  inputs: [{ name: "image", shape: [batch, 3, SIZE, SIZE] }],
  outputs: [
    { name: "picked", shape: [batch, PICKED.length] },
    { name: "mean", shape: [batch, 3, 1, 1] },
  ],
  nodes: [
    ["Flatten", ["image"], "flat"],
    ["MatMul", ["flat", "picking"], "picked"],
    ["GlobalAveragePool", ["image"], "mean"],
  ],
  matrix: { name: "picking", shape: [3 * PIXELS, PICKED.length], data: picking() },
});

/** One output, the mean of each channel, for pictures of a size that the file leaves open or states. */
const meanNetwork = (input: Shape, output: Shape = ["N", 3, 1, 1]): Network => ({
  inputs: [{ name: "image", shape: input }],
  outputs: [{ name: "mean", shape: output }],
  nodes: [["GlobalAveragePool", ["image"], "mean"]],
});

const free = files.write("free.onnx", onnxBytes(network("N")));
const fixed = files.write("fixed.onnx", onnxBytes(network(4)));

/** The house, drawn ever wider: no two pictures are the same. */
const houses = (count: number): Sketch[] =>
  Array.from({ length: count }, (_, i) => ({
    strokes: house.strokes.map(({ x, y }) => ({ x: x.map((value) => value * (1 + i / 7)), y })),
  }));

const expected = (
  sketches: readonly Sketch[],
  preprocess: (levels: Float32Array) => Float32Array,
): number[] =>
  sketches.flatMap((sketch) => {
    const channel = preprocess(greyLevels(sketch));
    return PICKED.map((place) => channel[place % PIXELS]);
  });

describe.each(preprocessings)("%s", (preprocessing) => {
  const preprocess = preprocessor(preprocessing, SIZE, SIZE);
  const sketches = houses(21);

  it.each([
    ["free", free],
    ["fixed", fixed],
  ])("a network of %s batch sees the preprocessed pictures, in order", async (_, path) => {
    const opened = await openImageNetwork(path, { preprocessing, output: "picked" });
    const { features, logits } = await opened.describe(sketches);
    expect(features).toMatchObject({ count: 21, size: PICKED.length });
    expect([...features.values]).toEqual(expected(sketches, preprocess));
    expect(new Set(features.values).size).toBeGreaterThan(30);
    expect(logits).toBeUndefined();
    await opened.dispose();
  });

  it("an output [N, D, 1, 1] gives D features", async () => {
    const opened = await openImageNetwork(free, { preprocessing, output: "mean" });
    expect(opened.size).toBe(3);
    const { features } = await opened.describe(sketches);
    for (const [i, sketch] of sketches.entries()) {
      const channel = preprocess(greyLevels(sketch));
      const mean = channel.reduce((sum, value) => sum + value / PIXELS, 0);
      // Float32 sums of 576 values of at most 1.
      for (let c = 0; c < 3; c++)
        expect(Math.abs(features.values[3 * i + c] - mean)).toBeLessThan(PIXELS * 2 ** -24);
    }
    await opened.dispose();
  });
});

it.each([
  ["free", free],
  ["fixed", fixed],
])("features are the same bits however drawings are grouped (%s batch)", async (_, path) => {
  const opened = await openImageNetwork(path, { preprocessing: "clean-fid", output: "mean" });
  const sketches = houses(19);
  const whole = (await opened.describe(sketches)).features.values;
  for (const groups of [
    [19, 0],
    [1, 18],
    [16, 3],
    [5, 14],
  ]) {
    const parts = [sketches.slice(0, groups[0]), sketches.slice(groups[0])];
    const values: number[] = [];
    for (const part of parts) values.push(...(await opened.describe(part)).features.values);
    expect(values).toEqual([...whole]);
  }
  const [first, second] = await Promise.all([
    opened.describe(sketches),
    opened.describe(sketches.toReversed()),
  ]);
  expect(first.features.values).toEqual(whole);
  expect([...second.features.values.subarray(0, 3)]).toEqual([...whole.subarray(-3)]);
  await opened.dispose();
});

it("the file's name and the beginning of its SHA-256 name the network", async () => {
  const opened = await openImageNetwork(free, { preprocessing: "clean-fid", output: "picked" });
  const { name, hash, size, categories } = opened;
  const sum = createHash("sha256").update(readFileSync(free)).digest("hex");
  expect({ name, hash, size, categories }).toEqual({
    name: "free.onnx",
    hash: sum.slice(0, 12),
    size: PICKED.length,
    categories: undefined,
  });
  await opened.dispose();
});

describe("open sizes", () => {
  const blank: Sketch = { strokes: [] };

  it.each<[string, Shape]>([
    ["height and width are Inception's", ["N", 3, "H", "W"]],
    ["sizes without names too", ["", 3, "", ""]],
    ["channels too", ["N", "C", "H", "W"]],
    ["only one of two", [2, 3, 10, "W"]],
  ])("%s; the only output need not be named", async (_, shape) => {
    const path = files.write("open.onnx", onnxBytes(meanNetwork(shape, ["N", "D", "", ""])));
    const opened = await openImageNetwork(path, { preprocessing: "clean-fid", threads: 1 });
    expect(opened.size).toBe(3);
    const { features } = await opened.describe([blank]);
    for (const value of features.values) expect(value).toBeCloseTo(127 / 128, 5);
    await opened.dispose();
  });

  it("pictures are 299 x 299", async () => {
    const flat = {
      ...meanNetwork(["N", 3, "H", "W"], ["N", "D"]),
      nodes: [["Flatten", ["image"], "mean"]] as const,
    };
    const path = files.write("flat.onnx", onnxBytes(flat));
    const opened = await openImageNetwork(path, { preprocessing: "pytorch-fid" });
    expect(opened.size).toBe(3 * 299 * 299);
    await opened.dispose();
  });
});

describe("progress and interruption", () => {
  it("tells how many drawings are done after every batch", async () => {
    const opened = await openImageNetwork(fixed, { preprocessing: "clean-fid", output: "mean" });
    const seen: number[] = [];
    await opened.describe(houses(10), { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([4, 8, 10]);
    expect((await opened.describe([])).features).toEqual({ count: 0, size: 3, values: new Float32Array(0) });
    await opened.dispose();
  });

  it("stops between batches, and describes again afterwards", async () => {
    const opened = await openImageNetwork(fixed, { preprocessing: "clean-fid", output: "mean" });
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      if (done === 8) stop.abort(new Error("enough"));
    };
    const stopped = opened.describe(houses(20), { onProgress, signal: stop.signal });
    await expect(stopped).rejects.toThrow("enough");
    expect(seen).toEqual([4, 8]);
    expect((await opened.describe(houses(1))).features.count).toBe(1);
    await opened.dispose();
  });
});

describe("what is no such network is an error that says what was found", () => {
  const failure = async (path: string, output?: string): Promise<string> => {
    const opening = openImageNetwork(path, {
      preprocessing: "clean-fid",
      ...(output !== undefined && { output }),
    });
    const error: unknown = await opening.catch((error) => error);
    expect(error).toBeInstanceOf(UserError);
    return error instanceof Error ? error.message.replaceAll(files.folder, "") : "";
  };
  const inForm = ": expected a network with one input, pictures as float32 [N, 3, H, W], found ";
  const written = (name: string, what: Network) => files.write(`${name}.onnx`, onnxBytes(what));

  it("no file, or a folder", async () => {
    expect(await failure(`${files.folder}/none.onnx`)).toBe(
      "cannot read /none.onnx: there is no such file or folder; check the path",
    );
    expect(await failure(files.folder)).toBe("cannot read : it is a folder, expected a file");
  });

  it.each<[string, Uint8Array]>([
    ["empty", new Uint8Array(0)],
    ["text", Buffer.from("no network at all")],
    ["cut", onnxBytes(network("N")).subarray(0, 500)],
  ])("a file that is no network: %s", async (name, bytes) => {
    expect(await failure(files.write(`${name}.onnx`, bytes))).toMatch(
      new RegExp(
        `^/${name}.onnx cannot be opened: expected an ONNX network that holds its weights itself, found: .`,
      ),
    );
  });

  it.each([31_623, 1e9, 2 ** 40])(
    "pictures of %d x %d pixels, before any memory is taken for them",
    async (size) => {
      const large = onnxBytes(meanNetwork(["N", 3, size, size], ["N", 3]));
      expect(await failure(files.write("large.onnx", large))).toMatch(
        /^\/large\.onnx: 16 pictures of \d+ x \d+ ask for at least [\d.e+]+ GiB of memory, expected at most 2\.00 GiB; /,
      );
    },
  );

  it("messages within messages, a hundred thousand deep", async () => {
    // In turn the nodes of a graph, the attributes of a node, the graph of an attribute; from the innermost out.
    const heads: number[][] = [];
    let length = 0;
    for (let depth = 0; depth < 100_000; depth++) {
      const head = [8 * [1, 5, 6][depth % 3] + 2];
      for (let rest = length; head.length === 1 || rest > 0; rest >>>= 7)
        head.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
      heads.push(head);
      length += head.length;
    }
    const graph = Uint8Array.from(heads.reverse().flat());
    const bytes = encode(message().integer(1, 8).bytes(7, graph));
    expect(await failure(files.write("deep.onnx", bytes))).toMatch(
      /^\/deep\.onnx cannot be opened: expected an ONNX network that holds its weights itself, found: ./,
    );
  });

  it("weights in a file of their own, which the hash would not cover", async () => {
    files.write("weights.bin", new Uint8Array(picking().buffer));
    const matrix = { name: "picking", shape: [3 * PIXELS, PICKED.length], data: "weights.bin" };
    const path = written("outside", { ...network("N"), matrix });
    const before = process.cwd();
    process.chdir(files.folder);
    try {
      expect(await failure(path)).toMatch(/holds its weights itself, found: .*weights\.bin/s);
      expect(await failure("outside.onnx")).toMatch(/holds its weights itself, found: .*weights\.bin/s);
    } finally {
      process.chdir(before);
    }
  });

  it.each<[string, Network["inputs"], string]>([
    ["grey", [{ name: "image", shape: ["N", 1, 28, 28] }], "image float32 [N, 1, 28, 28]"],
    ["last", [{ name: "image", shape: ["N", 299, 299, 3] }], "image float32 [N, 299, 299, 3]"],
    ["flat", [{ name: "image", shape: ["", 3] }], "image float32 [?, 3]"],
    ["double", [{ name: "image", shape: [1, 3, 8, 8], type: "double" }], "image float64 [1, 3, 8, 8]"],
    [
      "two",
      [
        { name: "image", shape: ["N", 3, 8, 8] },
        { name: "mask", shape: ["N", 1, 8, 8] },
      ],
      "image float32 [N, 3, 8, 8], mask float32 [N, 1, 8, 8]",
    ],
  ])("another input: %s", async (name, inputs, found) => {
    const type = inputs[0].type ?? "float32";
    const output = { name: "same", shape: inputs[0].shape, type };
    const path = written(`input-${name}`, {
      inputs,
      outputs: [output],
      nodes: [["Identity", ["image"], "same"]],
    });
    expect(await failure(path)).toBe(
      `/input-${name}.onnx${inForm}${found}; export it in that form (docs/inception.md).`,
    );
  });

  it("an output that is not there, or none named among several", async () => {
    const outputs = "picked float32 [N, 60], mean float32 [N, 3, 1, 1]";
    expect(await failure(free)).toBe(
      `/free.onnx has 2 outputs: ${outputs}. Name the one with the features: --output NAME.`,
    );
    expect(await failure(free, "pickd")).toBe(
      `/free.onnx has no output "pickd", only ${outputs}. Did you mean "picked"?`,
    );
    expect(await failure(free, "pool3")).toBe(`/free.onnx has no output "pool3", only ${outputs}.`);
  });

  it("an output of another shape, whatever the file says of it", async () => {
    const path = written("maps", {
      ...meanNetwork(["N", 3, 8, 8], ["N", "D", "", ""]),
      nodes: [["Identity", ["image"], "mean"]],
    });
    expect(await failure(path)).toBe(
      '/maps.onnx: output "mean" gives float32 [16, 3, 8, 8] for 16 pictures, expected float32 [16, D] or [16, D, 1, 1]; name another output, or export the features after their pooling.',
    );
  });

  it("a network that cannot take such pictures", async () => {
    const path = written("mismatch", {
      ...network("N"),
      inputs: [{ name: "image", shape: ["N", 3, "H", "W"] }],
    });
    expect(await failure(path, "picked")).toMatch(
      /^\/mismatch\.onnx cannot be run on pictures 299 x 299, 16 at a time: .*MatMul/s,
    );
  });

  it.runIf(process.platform === "linux")("a device that cannot be had", async () => {
    const opening = openImageNetwork(free, { preprocessing: "clean-fid", output: "mean", device: "coreml" });
    await expect(opening).rejects.toThrow(/^device "coreml" cannot be used here: .*Use --device cpu/s);
  });
});
