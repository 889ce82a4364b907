import { describe, expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { configure, presetOf, readRunConfig } from "../../src/families/configure.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";

/** Runs' config.json as it was before there were families, of the presets of that time. */
const flatSeed = {
  categories: ["cat", "bus", "rabbit"],
  data: "",
  trainSize: 10000,
  testSize: 2000,
  limit: 0,
  heldOut: 0,
  splitSeed: 42,
  encoding: "delta",
  points: 128,
  simplify: 0,
  strokeOrder: "drawn",
  augment: true,
  baseChannels: 128,
  attentionHeads: 8,
  normGroups: 8,
  pen: "head",
  prediction: "noise",
  lossWeighting: "uniform",
  timeSampling: "uniform",
  diffusionSteps: 1000,
  beginnings: 0,
  penWeight: 0.5,
  classDropout: 0.1,
  dropoutPer: "batch",
  epochs: 300,
  batchSize: 128,
  learningRate: 0.0001,
  learningRateSchedule: "cosine",
  warmupEpochs: 10,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.01,
  clip: 1,
  emaDecay: 0.999,
  emaWarmup: false,
  keep: "best",
  seed: 42,
  checkpointEvery: 50,
  drawEvery: 50,
  draws: 200,
  samplingSteps: 150,
  guidance: 3,
  sampler: "ddim",
  eta: 0,
};
const flatQuick = {
  ...flatSeed,
  limit: 600,
  encoding: "position",
  points: 48,
  simplify: 5,
  strokeOrder: "size",
  augment: false,
  pen: "channel",
  prediction: "v",
  lossWeighting: "min-snr",
  baseChannels: 48,
  dropoutPer: "drawing",
  epochs: 72,
  batchSize: 32,
  learningRate: 0.002,
  warmupEpochs: 5,
  emaWarmup: true,
  keep: "last",
  checkpointEvery: 250,
  drawEvery: 0,
  draws: 40,
  samplingSteps: 40,
  eta: 1,
};
const flatQuickdraw = {
  ...flatQuick,
  categories: ["all"],
  trainSize: 600,
  testSize: 100,
  limit: 0,
  heldOut: 0.15,
  baseChannels: 96,
  attentionHeads: 12,
  normGroups: 12,
  timeSampling: "weighted",
  beginnings: 0.25,
  epochs: 60,
  batchSize: 128,
  learningRateSchedule: "trapezoid",
  warmupEpochs: 0.2,
  checkpointEvery: 500,
  draws: 8,
  samplingSteps: 8,
  guidance: 2,
  sampler: "dpm",
};
const { quick, quickdraw, baseline } = unet1d.presets;

describe("a run's configuration in a file", () => {
  test.each([
    ["seed", flatSeed, baseline],
    ["quick", flatQuick, quick],
    ["quickdraw", flatQuickdraw, quickdraw],
  ])("of an older version, all in one object, is the same run: %s", (_, flat, expected) => {
    expect(readRunConfig(JSON.parse(JSON.stringify(flat)), "config.json")).toEqual({
      config: expected,
      isOld: true,
    });
  });

  test("of today is read as it is written", () => {
    for (const preset of Object.values(unet1d.presets))
      expect(readRunConfig(JSON.parse(JSON.stringify(preset)), "config.json")).toEqual({
        config: preset,
        isOld: false,
      });
    const config = { ...quick, origin: { command: "train", model: { path: "../first", sha256: "00ff" } } };
    expect(readRunConfig(config, "config.json").config).toEqual(config);
  });

  test("from before some keys were there says what runs did then", () => {
    const { heldOut: _, timeSampling: __, beginnings: ___, sampler: ____, ...older } = flatQuick;
    const { learningRateSchedule: _____, ...oldest } = older;
    expect(readRunConfig(oldest, "config.json").config).toEqual(quick);
  });

  test("may call settings as they are called now, and name the family", () => {
    const { beginnings, ...others } = flatQuickdraw;
    const now = { ...others, prefixConditioning: beginnings, family: "unet1d" };
    expect(readRunConfig(now, "config.json").config).toEqual(quickdraw);
  });

  test.each([
    [{ ...flatQuick, batchsize: 4 }, 'unknown key "batchsize". Did you mean "batchSize"?'],
    [{ ...flatQuick, points: 50 }, "network.points: must be a multiple of 4, found 50"],
    [{ ...flatQuick, beginnings: 2 }, "network.prefixConditioning: Too big"],
    [{ ...flatQuick, family: "unet1" }, 'there is no family "unet1", expected one of '],
    [{ ...quick, network: { ...quick.network, family: "unet1" } }, 'there is no family "unet1"'],
    [{ ...quick, points: 48 }, 'unknown key "points".'],
    [[], "the whole: expected object, found []"],
    [null, "the whole: expected object, found null"],
    ["quick", 'the whole: expected object, found "quick"'],
  ])("is refused with what was expected and found: case %#", (value, expected) => {
    expect(() => readRunConfig(value, "config.json")).toThrow(`config.json: ${expected}`);
  });
});

describe("configure", () => {
  test("gives the preset of the name, and understands what it was called", () => {
    for (const [name, preset] of Object.entries(unet1d.presets)) expect(configure(name)).toEqual(preset);
    expect(configure("seed")).toEqual(baseline);
    expect(presetOf("unet1d", "seed")).toBe(baseline);
    expect(presetOf("unet1d")).toBe(quick);
  });

  test("changes settings by their names, by their sections, or both", () => {
    const byName = configure("quick", { points: 32, epochs: 2, data: "synthetic", samplingSteps: 9 });
    const bySection = configure("quick", {
      network: { points: 32 },
      optimisation: { denoiser: { epochs: 2 } },
      data: { source: "synthetic" },
      sampling: { steps: 9 },
    });
    const { denoiser } = quick.optimisation;
    expect(byName).toEqual({
      ...quick,
      data: { ...quick.data, source: "synthetic" },
      network: { ...quick.network, points: 32 },
      optimisation: { denoiser: { ...denoiser, epochs: 2 } },
      sampling: { ...quick.sampling, steps: 9 },
    });
    expect(bySection).toEqual(byName);
    expect(
      configure("quick", { network: { points: 32 }, epochs: 2, baseChannels: 16, normGroups: 4 }),
    ).toEqual({
      ...quick,
      network: { ...quick.network, points: 32, baseChannels: 16, normGroups: 4 },
      optimisation: { denoiser: { ...denoiser, epochs: 2 } },
    });
    expect(quick.network.points).toBe(48);
  });

  test.each([
    [
      "quik",
      {},
      'the family unet1d has no preset "quik", expected one of quick, ten, quickdraw, baseline. Did you mean "quick"?',
    ],
    ["quick", { pointz: 32 }, 'configure: unknown key "pointz". Did you mean "points"?'],
    ["quick", { network: { pointz: 32 } }, 'configure: unknown key "network.pointz". Did you mean "points"?'],
    ["quick", { maxGuidance: 3 }, 'configure: unknown key "maxGuidance".'],
    ["quick", { origin: { command: "train" } }, 'configure: unknown key "origin".'],
    [
      "quick",
      { points: 3, epochs: 0 },
      "configure: network.points: must be a multiple of 4, found 3; optimisation.denoiser.epochs: Too small",
    ],
  ])("preset %s, %j: is refused, naming what is wrong", (preset, changes, expected) => {
    const refused = () => configure(preset, changes);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(expected);
  });

  test("a family that there is not is refused, naming those that there are", () => {
    expect(() => configure("quick", { family: "unet1" })).toThrow(
      /there is no family "unet1", expected one of .*unet1d.* Did you mean "unet1d"\?/,
    );
  });
});
