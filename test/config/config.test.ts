import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError, UserError } from "../../src/base/errors.ts";
import { editDistance } from "../../src/base/nearest.ts";
import { parseModelConfig } from "../../src/config/model.ts";
import { parseTrainingConfig, presets, trainingSchema } from "../../src/config/training.ts";

const messageFor = (over: Record<string, unknown>): string => {
  try {
    parseTrainingConfig({ ...presets.quick, ...over }, "my.json");
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return "accepted";
};

describe("training configuration", () => {
  test.each(Object.entries(presets))("preset %s is accepted and survives JSON", (_, preset) => {
    expect(parseTrainingConfig(JSON.parse(JSON.stringify(preset)), "preset")).toEqual(preset);
  });

  test("the seed's preset is the seed's system", () => {
    expect(presets.seed).toMatchObject({
      categories: ["cat", "bus", "rabbit"],
      trainSize: 10_000,
      testSize: 2_000,
      points: 128,
      baseChannels: 128,
      classDropout: 0.1,
      dropoutPer: "batch",
      epochs: 300,
      batchSize: 128,
      learningRate: 1e-4,
      beta1: 0.9,
      beta2: 0.99,
      emaDecay: 0.999,
      keep: "best",
      draws: 200,
      samplingSteps: 150,
      guidance: 3,
    });
  });

  test.each([
    ["batchsize", 'unknown key "batchsize". Did you mean "batchSize"?'],
    ["learning_rate", 'unknown key "learning_rate". Did you mean "learningRate"?'],
    ["qqqqqqqqqqqq", 'unknown key "qqqqqqqqqqqq".'],
  ])("unknown key %s: the nearest known one is named", (key, expected) => {
    expect(messageFor({ [key]: 1 })).toBe(`my.json: ${expected}`);
  });

  test("any slip of one letter in a key finds a key one letter away", () => {
    const keys = Object.keys(trainingSchema.shape).filter((key) => key.length > 4);
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(), fc.constantFrom("x", "_", "é"), (key, at, letter) => {
        const place = at % key.length;
        const slip = key.slice(0, place) + letter + key.slice(place + 1);
        // "betax" is as near to beta1 as to beta2.
        const near = keys.filter((other) => editDistance(slip.toLowerCase(), other.toLowerCase()) === 1);
        const [, suggested] = /Did you mean "(\w+)"\?$/.exec(messageFor({ [slip]: 1 })) ?? [];
        expect(near).toContain(suggested);
      }),
    );
  });

  test.each([
    [{ points: "many" }, 'points: expected number, found "many"'],
    [{ points: 50 }, "points: must be a multiple of 4, found 50"],
    [{ points: undefined }, "points: expected number, found nothing"],
    [{ seed: -1 }, "seed: Too small: expected number to be >=0, found -1"],
    [{ emaDecay: 1 }, "emaDecay: Too big: expected number to be <1, found 1"],
    [{ learningRate: 0 }, "learningRate: Too small: expected number to be >0, found 0"],
    [{ classDropout: 1.5 }, "classDropout: Too big: expected number to be <=1, found 1.5"],
    [{ epochs: 2.5 }, "epochs: expected int, found 2.5"],
    [
      { encoding: "deltas" },
      'encoding: expected one of "delta"|"position", found "deltas". Did you mean "delta"?',
    ],
    [{ categories: [] }, "categories: Too small: expected array to have >=1 items, found []"],
    [{ categories: ["cat", 3] }, "categories.1: expected string, found 3"],
    [{ categories: ["cat", "cat"] }, 'categories: expected each category once, found ["cat","cat"]'],
    [{ normGroups: 5 }, "normGroups: expected a divisor of baseChannels 48, found 5"],
    [{ attentionHeads: 5 }, "attentionHeads: expected a divisor of twice baseChannels 48, found 5"],
    [
      { encoding: "delta", beginnings: 0.2 },
      'beginnings: expected 0 unless encoding is "position" and pen is "channel", found 0.2',
    ],
    [{ samplingSteps: 1001 }, "samplingSteps: expected no more than diffusionSteps, found 1001"],
  ])("%j is refused, with what was expected and found", (over, expected) => {
    expect(messageFor(over)).toBe(`my.json: ${expected}`);
  });

  test("every wrong key is named at once", () => {
    const message = messageFor({ points: 3, epochs: 0, epoch: 1 });
    for (const part of ["points", "epochs", '"epoch"']) expect(message).toContain(part);
  });

  test("anything but an object is refused", () => {
    for (const value of [null, [], "quick", 3])
      expect(() => parseTrainingConfig(value, "my.json")).toThrow(/^my.json: the whole: expected object/);
  });
});

describe("model configuration", () => {
  const model = {
    format: 1,
    family: "unet1d",
    categories: ["cat"],
    encoding: "position",
    points: 16,
    strokeOrder: "size",
    simplify: 5,
    baseChannels: 8,
    attentionHeads: 8,
    normGroups: 8,
    pen: "channel",
    prediction: "v",
    normalisation: { cat: { mean: [0, 0], std: 1 } },
    diffusionSteps: 100,
    beginnings: 0.2,
    samplingSteps: 5,
    guidance: 1,
    sampler: "dpm",
    eta: 0,
  };

  test("from before some keys were there says what models did then", () => {
    const { sampler: _, strokeOrder: __, simplify: ___, beginnings: ____, ...older } = model;
    const then = { sampler: "ddim", strokeOrder: "drawn", simplify: 0, beginnings: 0 };
    expect(parseModelConfig(older, "config.json")).toEqual({ ...older, ...then });
  });

  test("is accepted as it is written", () => {
    expect(parseModelConfig(model, "config.json")).toEqual(model);
  });

  test("a newer format says to update, before it complains of keys it does not know", () => {
    const newer = { ...model, format: 2, wings: true };
    expect(() => parseModelConfig(newer, "config.json")).toThrow(
      "config.json: written by a newer cizgi (format 2, this one reads up to 1); update cizgi to use it.",
    );
  });

  test.each([
    [{ guidence: 2 }, 'unknown key "guidence". Did you mean "guidance"?'],
    [{ normalisation: { cat: { mean: [0], std: 1 } } }, "normalisation.cat.mean"],
    [{ normalisation: { cat: { mean: [0, 0], std: 0 } } }, "normalisation.cat.std: Too small"],
    [{ attentionHeads: 5 }, "attentionHeads: expected a divisor of twice baseChannels 8, found 5"],
    [{ format: "one" }, "format: expected number"],
  ])("%j is refused by name", (over, expected) => {
    const parse = () => parseModelConfig({ ...model, ...over }, "config.json");
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(expected);
  });
});
