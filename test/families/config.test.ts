import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError, UserError } from "../../src/base/errors.ts";
import { editDistance } from "../../src/base/nearest.ts";
import { settingsOf, withSettings } from "../../src/base/settings.ts";
import { configure } from "../../src/families/configure.ts";
import { readModelConfig } from "../../src/families/model.ts";
import { parseRunConfig } from "../../src/families/registry.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";

const { runSchema, presets } = unet1d;

const messageOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  return "accepted";
};

/** What is said of the quick preset with some settings changed, by section or by name. */
const messageFor = (over: Readonly<Record<string, unknown>>): string =>
  messageOf(() => parseRunConfig(withSettings(runSchema, presets.quick, over), "my.json"));

describe("run configuration", () => {
  test.each(Object.entries(presets))("preset %s is accepted and survives JSON", (_, preset) => {
    expect(parseRunConfig(JSON.parse(JSON.stringify(preset)), "preset")).toEqual(preset);
  });

  test("the baseline is the seed's system", () => {
    expect(presets.baseline).toMatchObject({
      data: { categories: ["cat", "bus", "rabbit"], trainSize: 10_000, heldOutSize: 2_000 },
      network: { points: 128, baseChannels: 128 },
      optimisation: {
        denoiser: {
          classDropout: 0.1,
          dropoutPer: "batch",
          epochs: 300,
          batchSize: 128,
          learningRate: 1e-4,
          beta1: 0.9,
          beta2: 0.99,
          emaDecay: 0.999,
          keep: "best",
        },
      },
      report: { draws: 200 },
      sampling: { steps: 150, guidance: 3 },
    });
  });

  test.each([
    ["batchsize", '"batchsize". Did you mean "batchSize"?', '"batchsize". Did you mean "batchSize"?'],
    [
      "learning_rate",
      '"learning_rate". Did you mean "learningRate"?',
      '"learning_rate". Did you mean "learningRate"?',
    ],
    // A key of another section is no key of this one.
    ["pointz", '"pointz". Did you mean "points"?', '"pointz".'],
    ["qqqqqqqqqqqq", '"qqqqqqqqqqqq".', '"qqqqqqqqqqqq".'],
  ])("unknown key %s: the nearest known one is named", (key, alone, inSection) => {
    expect(messageOf(() => configure("quick", { [key]: 1 }))).toBe(`configure: unknown key ${alone}`);
    expect(messageFor({ optimisation: { denoiser: { [key]: 1 } } })).toBe(
      `my.json: unknown key "optimisation.denoiser.${inSection.slice(1)}`,
    );
    expect(messageOf(() => parseRunConfig({ ...presets.quick, [key]: 1 }, "my.json"))).toBe(
      `my.json: unknown key "${key}".`,
    );
  });

  test("any slip of one letter in a key finds a key one letter away", () => {
    const keys = settingsOf(runSchema).map(({ name }) => name);
    const long = keys.filter((key) => key.length > 4);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), fc.constantFrom("x", "_", "é"), (key, at, letter) => {
        const place = at % key.length;
        const slip = key.slice(0, place) + letter + key.slice(place + 1);
        fc.pre(slip !== key);
        // "betax" is as near to beta1 as to beta2.
        const near = keys.filter((other) => editDistance(slip.toLowerCase(), other.toLowerCase()) === 1);
        const message = messageOf(() => configure("quick", { [slip]: 1 }));
        const [, suggested] = /Did you mean "(\w+)"\?$/.exec(message) ?? [];
        expect(near).toContain(suggested);
      }),
    );
  });

  test.each([
    [{ points: "many" }, 'network.points: expected number, found "many"'],
    [{ points: 50 }, "network.points: must be a multiple of 4, found 50"],
    [{ points: undefined }, "network.points: expected number, found nothing"],
    [{ seed: -1 }, "optimisation.denoiser.seed: Too small: expected number to be >=0, found -1"],
    [{ emaDecay: 1 }, "optimisation.denoiser.emaDecay: Too big: expected number to be <1, found 1"],
    [{ learningRate: 0 }, "optimisation.denoiser.learningRate: Too small: expected number to be >0, found 0"],
    [
      { classDropout: 1.5 },
      "optimisation.denoiser.classDropout: Too big: expected number to be <=1, found 1.5",
    ],
    [{ epochs: 2.5 }, "optimisation.denoiser.epochs: expected int, found 2.5"],
    [
      { encoding: "deltas" },
      'network.encoding: expected one of "delta"|"position", found "deltas". Did you mean "delta"?',
    ],
    [{ categories: [] }, "data.categories: Too small: expected array to have >=1 items, found []"],
    [{ categories: ["cat", 3] }, "data.categories.1: expected string, found 3"],
    [{ categories: ["cat", "cat"] }, 'data.categories: expected each category once, found ["cat","cat"]'],
    [{ normGroups: 5 }, "network.normGroups: expected a divisor of baseChannels 48, found 5"],
    [{ attentionHeads: 5 }, "network.attentionHeads: expected a divisor of twice baseChannels 48, found 5"],
    [
      { encoding: "delta", prefixConditioning: 0.2 },
      'network.prefixConditioning: expected 0 unless encoding is "position" and pen is "channel", found 0.2',
    ],
    [
      { encoding: "delta", prefixConditioning: 0, corners: true },
      'network.corners: expected false unless encoding is "position" and pen is "channel", found true',
    ],
    [{ samplingSteps: 1001 }, "sampling.steps: expected no more than diffusionSteps 1000, found 1001"],
  ])("%j is refused, with what was expected and found", (over, expected) => {
    expect(messageFor(over)).toBe(`my.json: ${expected}`);
  });

  test("every wrong key is named at once", () => {
    const message = messageFor({ points: 3, optimisation: { denoiser: { epochs: 0, epoch: 1 } } });
    for (const part of ["network.points", "denoiser.epochs", '"optimisation.denoiser.epoch"'])
      expect(message).toContain(part);
  });

  test("anything but an object is refused", () => {
    for (const value of [null, [], "quick", 3])
      expect(() => parseRunConfig(value, "my.json")).toThrow(/^my.json: the whole: expected object/);
  });
});

describe("model configuration", () => {
  const model = {
    format: 2,
    categories: ["cat"],
    network: {
      family: "unet1d",
      encoding: "position",
      points: 16,
      strokeOrder: "size",
      simplify: 5,
      pen: "channel",
      prediction: "v",
      diffusionSteps: 100,
      corners: false,
      prefixConditioning: 0.2,
      maxGuidance: 4,
      baseChannels: 8,
      attentionHeads: 8,
      normGroups: 8,
    },
    learnt: { normalisation: { cat: { mean: [0, 0], std: 1 } } },
    sampling: { steps: 5, guidance: 1, sampler: "dpm", eta: 0 },
  };
  /** The same as it was written before there were families. */
  const format1 = {
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
    mostGuidance: 4,
    samplingSteps: 5,
    guidance: 1,
    sampler: "dpm",
    eta: 0,
  };

  test("is accepted as it is written", () => {
    expect(readModelConfig(model, "config.json")).toEqual(model);
  });

  test("of format 1 is the same model", () => {
    expect(readModelConfig(format1, "config.json")).toEqual(model);
  });

  test("from before some keys were there says what models did then", () => {
    const { sampler: _, strokeOrder: __, simplify: ___, beginnings: ____, ...older } = format1;
    const { network, sampling, ...others } = model;
    expect(readModelConfig(older, "config.json")).toEqual({
      ...others,
      network: { ...network, strokeOrder: "drawn", simplify: 0, prefixConditioning: 0 },
      sampling: { ...sampling, sampler: "ddim" },
    });
  });

  test("a newer format says to update, before it complains of keys it does not know", () => {
    const newer = { ...model, format: 3, wings: true };
    expect(() => readModelConfig(newer, "config.json")).toThrow(
      "config.json: written by a newer cizgi (format 3, this one reads up to 2); update cizgi to use it.",
    );
  });

  test.each([
    [{ guidence: 2 }, 'unknown key "sampling.guidence". Did you mean "guidance"?'],
    [{ guidance: 5 }, "sampling.guidance: expected no more than maxGuidance 4, found 5"],
    [{ steps: 101 }, "sampling.steps: expected no more than diffusionSteps 100, found 101"],
  ])("drawing by %j is refused by name", (over, expected) => {
    const parse = () =>
      readModelConfig({ ...model, sampling: { ...model.sampling, ...over } }, "config.json");
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(`config.json: ${expected}`);
  });

  test.each([
    [{ normalisation: { cat: { mean: [0], std: 1 } } }, "learnt.normalisation.cat.mean"],
    [{ normalisation: { cat: { mean: [0, 0], std: 0 } } }, "learnt.normalisation.cat.std: Too small"],
    [{ attentionHeads: 5 }, "network.attentionHeads: expected a divisor of twice baseChannels 8, found 5"],
    [{ points: 18 }, "network.points: must be a multiple of 4, found 18"],
    [{ wings: true }, 'unknown key "network.wings".'],
    [{ categories: ["cat", "bus"] }, 'normalisation: expected one for each category, "bus" has none'],
    [{ format: "one" }, "format: expected number"],
  ])("%j in format 1 is refused by name", (over, expected) => {
    const parse = () => readModelConfig({ ...format1, ...over }, "config.json");
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(`config.json: ${expected}`);
  });

  test.each([[null], ["unet1d"], [[]], [3]])("%j is refused", (value) => {
    expect(() => readModelConfig(value, "config.json")).toThrow(
      /^config.json: the whole: expected object, found /,
    );
  });
});
