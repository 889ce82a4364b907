import { at } from "../base/at.ts";
import { randomStream, streams } from "../base/random.ts";
import { add, mul } from "../graph/ops/elementwise.ts";
import { oneHot } from "../graph/ops/gather.ts";
import { logSoftmax } from "../graph/ops/softmax.ts";
import { reshape, sum } from "../graph/ops/stretch.ts";
import { input, scalar, type Tensor } from "../graph/tensor.ts";
import { distort } from "../sketch/distort.ts";
import { rasterise } from "../sketch/raster.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { LossGraph, Task } from "../training/task.ts";
import { buildClassifier, type ClassifierSizes } from "./network.ts";
import type { ClassifierTrainingConfig } from "./settings.ts";

/** Drawings and what they are of. */
export interface LabelledSketches {
  readonly sketches: readonly Sketch[];
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
  readonly categories: readonly string[];
}

/** Settings that the state of training belongs to. */
export const CLASSIFIER_BOUND_KEYS = [
  "architecture",
  "pictureSize",
  "margin",
  "lineWidth",
  "baseChannels",
  "normGroups",
  "batchSize",
  "seed",
] as const;

/** To recognise: a classifier learns to tell the category of drawings from their pictures. */
export function classification(
  config: ClassifierTrainingConfig,
  { sketches, labels, categories }: LabelledSketches,
): Task {
  const { pictureSize, margin, lineWidth, seed, labelSmoothing } = config;
  const sizes = { ...config, classes: categories.length };
  const pixels = pictureSize * pictureSize;
  return {
    drawings: sketches.length,
    content: contentOf(sketches, labels),
    bound: { categories, ...Object.fromEntries(CLASSIFIER_BOUND_KEYS.map((key) => [key, config[key]])) },
    lossGraph: (microBatch) => classificationLoss(sizes, microBatch, labelSmoothing),
    makeBatch(members, step) {
      const pictures = new Float32Array(members.length * pixels);
      for (const [place, member] of members.entries()) {
        const stream = randomStream(seed, streams.example, step, place);
        const drawn = at(sketches, member);
        const sketch = config.augment ? distort(drawn, stream) : drawn;
        const around = config.augment ? 1.5 * margin * stream.uniform() + margin / 2 : margin;
        pictures.set(rasterise(sketch, { size: pictureSize, margin: around, lineWidth }), place * pixels);
      }
      return { pictures, labels: BigInt64Array.from(members, (member) => BigInt(at(labels, member))) };
    },
  };
}

/**
 * A classifier with its cross-entropy against targets of which the share `labelSmoothing` is spread over all categories
 * (Szegedy et al. 2016, section 7), for batches of pictures and int64 labels.
 */
function classificationLoss(sizes: ClassifierSizes, batch: number, labelSmoothing: number): LossGraph {
  const { logits, parameters } = buildClassifier(sizes, batch);
  const { classes } = sizes;
  const asked = oneHot(input("labels", [batch], "int64"), classes);
  const target = add(mul(asked, scalar(1 - labelSmoothing)), scalar(labelSmoothing / classes));
  const logs = logSoftmax(logits);
  const crossEntropy = (of: Tensor) => reshape(mul(sum(mul(of, logs)), scalar(-1 / batch)), []);
  return { parameters, losses: { loss: crossEntropy(target), asked: crossEntropy(asked) } };
}

function contentOf(sketches: readonly Sketch[], labels: Uint16Array): ArrayBufferView[] {
  const drawn = sketches.flatMap(({ strokes }) => [
    Uint32Array.of(strokes.length),
    ...strokes.map(({ x, y }) => Float64Array.of(x.length, ...x, ...y)),
  ]);
  return [labels, ...drawn];
}
