import { parametersOf } from "../../../src/families/sketchrnn/programs.ts";
import type { SketchRnnModel } from "../../../src/families/sketchrnn/settings.ts";
import { head } from "../../../src/families/sketchrnn-mdn/head.ts";
import type { MdnDraws, MdnSettings } from "../../../src/families/sketchrnn-mdn/settings.ts";
import { initialize } from "../../../src/nn/parameters.ts";

export const tinyNetwork: MdnSettings = {
  family: "sketchrnn-mdn",
  points: 12,
  simplify: 0,
  strokeOrder: "drawn",
  hidden: 16,
  classWidth: 4,
  mixtures: 3,
  sigmaFloor: 0.02,
};

/** A model that was never trained: it draws nonsense, in strokes that are lifted now and then. */
export function untrained(over: Partial<MdnSettings> = {}): SketchRnnModel<MdnSettings, MdnDraws> {
  const network = { ...tinyNetwork, ...over };
  const categories = ["cat", "bus"];
  const weights = initialize(parametersOf(head, network, categories.length), 11).map((weight) => 2 * weight);
  return {
    config: { format: 2, categories, network, learnt: { scale: 30 }, sampling: { temperature: 1 } },
    weights,
  };
}
