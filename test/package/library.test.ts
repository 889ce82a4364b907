import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import {
  buildNetwork,
  configure,
  cosineSchedule,
  encodeCategory,
  evaluate,
  type Features,
  frechetDistance,
  gridSvg,
  heldOutSplits,
  inColumns,
  kernelDistance,
  lossChart,
  manifoldOf,
  openSource,
  permutation,
  randomStream,
  replayGif,
  type Sketch,
  simplify,
  splitDrawings,
  splitLines,
  toPng,
  toSvg,
  train,
  trainStages,
} from "../../src/index.ts";

/** What a caller without types may pass. */
type Anything = never;

const sketch: Sketch = { strokes: [{ x: [1, 50, 90], y: [2, 40, 7] }] };
const features = (count: number): Features => ({
  count,
  size: 1,
  values: Float32Array.from({ length: count }, (_, i) => i),
});
const config = configure("quick", { categories: ["cat"] });
const drawings = [{ category: "cat", sketches: [sketch] }];
const stages: Anything[] = [{} as Anything];
const run = { folder: "x", config, stages, resume: false, save: async () => {} };
const synthetic = await openSource("synthetic");
const set = { name: "set", description: "", sketches: [sketch] };
const network = {
  name: "",
  hash: "",
  size: 1,
  describe: () => Promise.reject(new Error("asked")),
  dispose: async () => {},
};
const evaluation = {
  network,
  categories: ["cat"],
  labels: [0],
  reference: set,
  floor: set,
  training: [],
  generated: [set],
  seed: 0,
};

const first = (items: AsyncIterable<unknown>) => items[Symbol.asyncIterator]().next();

const cases: [what: string, call: () => unknown, expected: string][] = [
  ...([undefined, null, 3, [], {}, { strokes: 3 }, { strokes: [{ x: [1], y: [] }] }] as Anything[]).flatMap(
    (bad): typeof cases => [
      ["toSvg", () => toSvg(bad), "toSvg: "],
      ["replayGif", () => replayGif(bad), "replayGif: "],
      ["gridSvg", () => gridSvg([{ sketches: [bad ?? (3 as Anything)] }]), "gridSvg: rows: 0.sketches.0"],
      ["encodeCategory", () => encodeCategory([bad], config.network), "encodeCategory: drawing 0: "],
    ],
  ),
  [
    "toSvg",
    () => toSvg(sketch, { size: Number.NaN }),
    'toSvg: size: expected pixels, or a length such as "100mm", found NaN',
  ],
  ["toSvg", () => toSvg(sketch, { size: "-3mm" }), "toSvg: size: expected pixels"],
  ["toSvg", () => toSvg(sketch, { size: 0 }), "toSvg: size: expected a number above 0, found 0"],
  [
    "toSvg",
    () => toSvg(sketch, { margin: 128 }),
    "toSvg: margin: expected less than half of size 256, found 128",
  ],
  [
    "toSvg",
    () => toSvg(sketch, { margin: Number.NaN }),
    "toSvg: margin: expected a number of at least 0, found NaN",
  ],
  ["toSvg", () => toSvg(sketch, { lineWidth: -1 }), "toSvg: lineWidth: expected a number above 0, found -1"],
  ["toSvg", () => toSvg(sketch, { ink: 3 as Anything }), "toSvg: ink: expected string, found 3"],
  [
    "toSvg",
    () => toSvg(sketch, { papper: "none" } as Anything),
    'toSvg: unknown key "papper". Did you mean "paper"?',
  ],
  [
    "replayGif",
    () => replayGif(sketch, { size: 20_000 }),
    "replayGif: size: expected a whole number from 1 to 16384, found 20000",
  ],
  [
    "replayGif",
    () => replayGif(sketch, { speed: 0 }),
    "replayGif: speed: expected a number above 0, found 0",
  ],
  [
    "replayGif",
    () => replayGif(sketch, { sped: 1 } as Anything),
    'unknown key "sped". Did you mean "speed"?',
  ],
  [
    "gridSvg",
    () => gridSvg(undefined as Anything),
    "gridSvg: rows: the whole: expected array, found nothing",
  ],
  ["gridSvg", () => gridSvg([], { cell: Number.NaN }), "gridSvg: cell: expected a number above 0, found NaN"],
  [
    "gridSvg",
    () => gridSvg([], { groups: [{ columns: 0 }] }),
    "gridSvg: groups.0.columns: expected a whole number",
  ],
  [
    "inColumns",
    () => inColumns([sketch], 0),
    "inColumns: columns: expected a whole number of at least 1, found 0",
  ],
  ["toPng", () => toPng(toSvg(sketch), { scale: -1 }), "toPng: scale: expected a number above 0, found -1"],
  ["toPng", () => toPng("no SVG"), "toPng: the SVG cannot be drawn: "],
  ["toPng", () => toPng(3 as Anything), "toPng: the SVG cannot be drawn: "],
  ["lossChart", () => lossChart({ series: 3 as Anything }), "lossChart: series: expected array, found 3"],
  [
    "lossChart",
    () => lossChart({ series: [{ name: "a", points: [null as Anything] }] }),
    "lossChart: series.0.points.0: expected a point",
  ],
  [
    "frechetDistance",
    () => frechetDistance(3 as Anything, features(3)),
    "FID: the whole: expected object, found 3",
  ],
  [
    "frechetDistance",
    () => frechetDistance({ ...features(3), count: -1 }, features(3)),
    "FID: count: expected a whole number",
  ],
  [
    "kernelDistance",
    () => kernelDistance(features(3), features(3), { seed: 1.5 }),
    "KID: seed: expected a whole number",
  ],
  [
    "kernelDistance",
    () => kernelDistance(features(3), features(3), { seed: 1, subsetSize: 1 }),
    "KID: subsetSize: expected a whole number of at least 2, found 1",
  ],
  [
    "kernelDistance",
    () => kernelDistance(features(3), features(3), { seed: 1, subset: 3 } as Anything),
    'KID: unknown key "subset". Did you mean "subsets"?',
  ],
  [
    "manifoldOf",
    () => manifoldOf(features(9), { precisionRecall: 0, densityCoverage: 5 }),
    "neighbours: precisionRecall: expected a whole number of at least 1, found 0",
  ],
  [
    "encodeCategory",
    () => encodeCategory([sketch], { ...config.network, points: Number.NaN }),
    "encodeCategory: points: expected a whole number of at least 1, found NaN",
  ],
  [
    "configure",
    () => configure("quick", { baseChannels: 7 }),
    "configure: network.baseChannels: must be a multiple of 4, found 7",
  ],
  [
    "configure",
    () => configure("quick", { epoch: 3 }),
    'configure: unknown key "epoch". Did you mean "epochs"?',
  ],
  [
    "configure",
    () => configure("quick", { network: { ...config.network, ponts: 3 } }),
    'configure: unknown key "network.ponts". Did you mean "points"?',
  ],
  [
    "configure",
    () => configure("quik"),
    'the family unet1d has no preset "quik", expected one of quick, ten, quickdraw, baseline. Did you mean "quick"?',
  ],
  ["configure", () => configure("quick", { family: "unet" }), 'there is no family "unet", expected one of '],
  [
    "buildNetwork",
    () => buildNetwork({ network: { ...config.network, points: 7 } as Anything, categories: ["cat"] }, 1),
    "the network: points: must be a multiple of 4, found 7",
  ],
  [
    "train",
    () =>
      first(
        train({ folder: "x", config: { ...config, network: { ...config.network, wings: 2 } } as Anything }),
      ),
    'train: unknown key "network.wings".',
  ],
  ["train", () => first(train({ folder: "x", config, drawings: [] })), "train: data.categories: Too small"],
  [
    "train",
    () => first(train({ folder: "x", config, drawings: [{ category: "cat", sketches: [{} as Anything] }] })),
    "encodeCategory: drawing 0: ",
  ],
  ["train", () => first(train({ folder: "", config, drawings })), "trainStages: folder: "],
  [
    "train",
    () =>
      first(
        train({
          folder: "x",
          config: {
            ...config,
            optimisation: { denoiser: { ...config.optimisation.denoiser, batchSize: 0 } },
          },
          drawings,
        }),
      ),
    "train: optimisation.denoiser.batchSize: ",
  ],
  [
    "trainStages",
    () => first(trainStages({ ...run, stages: [] })),
    "trainStages: stages: expected at least one stage",
  ],
  [
    "trainStages",
    () => first(trainStages({ ...run, minutes: Number.NaN })),
    "trainStages: minutes: expected a number of at least 0, found NaN",
  ],
  [
    "trainStages",
    () => first(trainStages({ ...run, threads: 1e5 })),
    "trainStages: threads: expected a whole number from 0 to ",
  ],
  ["evaluate", () => evaluate(undefined as Anything), "evaluate: the whole: expected object"],
  [
    "evaluate",
    () => evaluate({ ...evaluation, labels: [1] }),
    "evaluate: labels: expected places in categories, found [1]",
  ],
  ["evaluate", () => evaluate({ ...evaluation, generated: [] }), "evaluate: generated: Too small"],
  ["evaluate", () => evaluate({ ...evaluation, seed: -1 }), "evaluate: seed: expected a whole number from 0"],
  [
    "evaluate",
    () => evaluate({ ...evaluation, bestoff: 3 } as Anything),
    'evaluate: unknown key "bestoff". Did you mean "bestOf"?',
  ],
  [
    "evaluate",
    () =>
      evaluate({ ...evaluation, floor: { ...set, sketches: [{ strokes: [{ x: [Number.NaN], y: [1] }] }] } }),
    "evaluate: floor.sketches.0.strokes.0.x.0: expected a number from",
  ],
  [
    "splitLines",
    () => splitLines([{ category: "cat", total: 1.5 }]),
    "splitLines: 0.total: expected a whole number",
  ],
  [
    "splitLines",
    () => splitLines([{ category: "cat", total: 20, train: -1 }]),
    "splitLines: 0.train: expected a whole number of at least 0, found -1",
  ],
  ["splitLines", () => splitLines([], Number.NaN), "splitLines: seed: expected a whole number from 0"],
  [
    "heldOutSplits",
    () => first(heldOutSplits(synthetic, { categories: ["cat"], fraction: 2 })),
    "heldOutSplits: fraction: expected a number from 0 to 1, found 2",
  ],
  [
    "splitDrawings",
    () => splitDrawings(synthetic, { ...config.data, limit: -1 }),
    "splitDrawings: limit: expected a whole number of at least 0, found -1",
  ],
];

test.each(cases)("%s refuses what it cannot do, in a sentence (%#)", async (_, call, expected) => {
  const error: unknown = await (async () => call())().then(
    () => "accepted",
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toContain(expected);
});

describe("numbers of the small functions", () => {
  test.each<[() => unknown, string]>([
    [() => simplify(sketch, Number.NaN), "simplify: epsilon: expected a number of at least 0, found NaN"],
    [() => cosineSchedule(2.5), "cosineSchedule: steps: expected a whole number of at least 1, found 2.5"],
    [
      () => permutation(-1, randomStream(1)),
      "permutation: n: expected an integer in 0 .. 2^32 - 1, found -1",
    ],
  ])("are ranges (%#)", (call, expected) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(expected);
  });
});
