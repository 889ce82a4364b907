import { buildClassifier } from "../../src/classifier/network.ts";
import {
  CLASSIFIER_FORMAT,
  type ClassifierConfig,
  type ClassifierTrainingConfig,
  classifierPreset,
} from "../../src/classifier/settings.ts";
import type { LabelledSketches } from "../../src/classifier/task.ts";
import { drawSynthetic, SYNTHETIC_CATEGORIES } from "../../src/data/synthetic.ts";
import { saveClassifier } from "../../src/metrics/classifier.ts";
import { initialize } from "../../src/nn/parameters.ts";

/** A classifier of small pictures, as small as can be. */
export const sizes = {
  architecture: "residual",
  pictureSize: 16,
  margin: 1,
  lineWidth: 1.5,
  baseChannels: 8,
  normGroups: 2,
} as const;

/** Seconds on one core. */
export const tinyTraining: ClassifierTrainingConfig = {
  ...classifierPreset,
  ...sizes,
  data: "synthetic",
  trainSize: 80,
  epochs: 3,
  batchSize: 16,
  checkpointEvery: 10,
};

export const tinyClassifier: ClassifierConfig = {
  ...sizes,
  format: CLASSIFIER_FORMAT,
  family: "classifier",
  categories: [...SYNTHETIC_CATEGORIES],
};

/** The first synthetic drawings of each category. */
export function labelledSketches(each: number): LabelledSketches {
  const place = (_: unknown, i: number) => [Math.floor(i / each), i % each];
  const places = Array.from({ length: SYNTHETIC_CATEGORIES.length * each }, place);
  return {
    sketches: places.map(([label, index]) => drawSynthetic(SYNTHETIC_CATEGORIES[label], 0, index)),
    labels: Uint16Array.from(places, ([label]) => label),
    categories: SYNTHETIC_CATEGORIES,
  };
}

/** Writes a classifier that was never trained; gives its weights before they were rounded. */
export async function saveUntrained(folder: string, config = tinyClassifier): Promise<Float32Array> {
  const { parameters } = buildClassifier({ ...config, classes: config.categories.length }, 1);
  const weights = initialize(parameters, 11);
  await saveClassifier(folder, config, weights);
  return weights;
}
