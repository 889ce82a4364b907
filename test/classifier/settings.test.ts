import { describe, expect, test } from "vitest";
import { UsageError, UserError } from "../../src/base/errors.ts";
import {
  classifierPreset,
  parseClassifierConfig,
  parseClassifierTraining,
} from "../../src/classifier/settings.ts";
import { tinyClassifier, tinyTraining } from "./tiny-classifier.ts";

describe("the configuration of a classifier's training", () => {
  test.each([
    ["preset", classifierPreset],
    ["smallest", tinyTraining],
  ])("%s is accepted and survives JSON", (_, config) => {
    expect(parseClassifierTraining(JSON.parse(JSON.stringify(config)), "my.json")).toEqual(config);
  });

  test.each([
    [{ picturesize: 64 }, 'unknown key "picturesize". Did you mean "pictureSize"?'],
    [{ points: 48 }, 'unknown key "points".'],
    [{ pictureSize: 40 }, "pictureSize: expected a multiple of 16 for architecture residual, found 40"],
    [
      { architecture: "plain", pictureSize: 30 },
      "pictureSize: expected a multiple of 4 for architecture plain, found 30",
    ],
    [{ architecture: "plane" }, `architecture: expected one of "residual"|"plain", found "plane"`],
    [{ heldOut: 0 }, "heldOut: Too small: expected number to be >0, found 0"],
    [{ heldOut: 1 }, "heldOut: Too big: expected number to be <1, found 1"],
    [{ labelSmoothing: 1 }, "labelSmoothing: Too big: expected number to be <1, found 1"],
    [{ trainSize: undefined }, "trainSize: expected number, found nothing"],
    [{ baseChannels: 60 }, "baseChannels: must be a multiple of 8, found 60"],
    // The first layer has 32 channels.
    [{ normGroups: 64 }, "normGroups: expected a divisor of half of baseChannels 64, found 64"],
    [{ normGroups: 5 }, "normGroups: expected a divisor of half of baseChannels 64, found 5"],
    [{ margin: 17 }, "margin: expected at most a quarter of pictureSize 64, found 17"],
    [{ margin: -1 }, "margin: Too small: expected number to be >=0, found -1"],
  ])("%j is refused, with what was expected and found", (over, expected) => {
    const parse = () => parseClassifierTraining({ ...classifierPreset, ...over }, "my.json");
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(`my.json: ${expected}`);
  });
});

describe("the configuration of a trained classifier", () => {
  test("is accepted as it is written", () => {
    expect(parseClassifierConfig(tinyClassifier, "config.json")).toEqual(tinyClassifier);
  });

  test("a newer format says to update, before it complains of keys it does not know", () => {
    expect(() => parseClassifierConfig({ ...tinyClassifier, format: 2, wings: true }, "config.json")).toThrow(
      "config.json: written by a newer cizgi (format 2, this one reads up to 1); update cizgi to use it.",
    );
  });

  test("a model of another family says what it is, before it complains of keys", () => {
    const parse = () => parseClassifierConfig({ format: 2, family: "unet1d", points: 48 }, "config.json");
    expect(parse).toThrow(UserError);
    expect(parse).toThrow('config.json: expected a classifier, found a model of the family "unet1d"');
  });

  test.each([
    [{ categories: ["cat"] }, "categories: Too small: expected array to have >=2 items"],
    [{ lineWidth: 0 }, "lineWidth: Too small: expected number to be >0, found 0"],
    [{ normGroups: 3 }, "normGroups: expected a divisor of half of baseChannels 8, found 3"],
    [{ format: "one" }, 'format: expected number, found "one"'],
    [{ family: undefined }, "family: "],
    [{ classes: 3 }, 'unknown key "classes".'],
  ])("%j is refused by name", (over, expected) => {
    const parse = () => parseClassifierConfig({ ...tinyClassifier, ...over }, "config.json");
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(`config.json: ${expected}`);
  });

  test.each([[null], ["classifier"], [[]]])("%j is refused", (value) => {
    expect(() => parseClassifierConfig(value, "config.json")).toThrow(/^config.json: /);
  });
});
