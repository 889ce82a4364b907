import { expect, it } from "vitest";
import { drawSettingsOf, inWords } from "../../src/families/draw-settings.ts";
import { loadModel } from "../../src/node/model.ts";

const { config } = await loadModel();

it("a model draws in its own way but for what it is told", () => {
  const own = drawSettingsOf(config, {});
  expect(own).toEqual(config.sampling);
  expect(drawSettingsOf(config, { guidance: 1.25, eta: undefined })).toEqual({ ...own, guidance: 1.25 });
});

it("refuses what its family has not, and says what it has", () => {
  expect(() => drawSettingsOf(config, { temperature: 0.5 })).toThrow(
    "temperature 0.5: models of the family unet1d have no temperature, but steps, guidance, sampler, eta; leave it out.",
  );
});

it("says settings in words", () => {
  expect(inWords({ steps: 16, guidance: 2, sampler: "dpm", eta: 0 })).toBe(
    "16 steps of dpm, guidance 2, eta 0",
  );
  expect(inWords({ temperature: 0.65 })).toBe("temperature 0.65");
  expect(inWords({ steps: 4 })).toBe("4 steps");
});
