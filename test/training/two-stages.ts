import { join } from "node:path";
import { randomStream, streams } from "../../src/base/random.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../src/files/atomic.ts";
import { mul, sub } from "../../src/graph/ops/elementwise.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { reshape } from "../../src/graph/ops/stretch.ts";
import { input } from "../../src/graph/tensor.ts";
import { linear } from "../../src/nn/layers.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import type { Optimisation } from "../../src/training/optimisation.ts";
import { modelFolder, type TrainingRun } from "../../src/training/run.ts";
import type { Task } from "../../src/training/task.ts";
import { normals } from "../graph/check.ts";

// The smallest model of two stages: the first one learns a linear map of noisy vectors, the second one the way back from
// what the first one's weights make of them.

const SIZE = 3;
const VECTORS = 24;

const optimisation: Optimisation = {
  epochs: 40,
  batchSize: 4,
  learningRate: 0.02,
  learningRateSchedule: "cosine",
  warmupEpochs: 1,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.01,
  clip: 1,
  emaDecay: 0.9,
  emaWarmup: true,
  keep: "last",
  seed: 3,
  checkpointEvery: 7,
};

/** The stages, in their order. */
export const NAMES = ["there", "back"];
/** Of each stage. */
export const STEPS = (VECTORS / optimisation.batchSize) * optimisation.epochs;

/** Steps of the whole run that are done after those of a stage. */
export const stepsDone = (stage: string, step: number): number => NAMES.indexOf(stage) * STEPS + step;

const vectors = normals(VECTORS * SIZE, 1);

/** Learns to make what a function says of noisy vectors from what another says of them. */
function mapping(
  name: string,
  from: (x: Float32Array) => Float32Array,
  to: typeof from,
  start?: Float32Array,
): Task {
  return {
    drawings: VECTORS,
    content: [vectors],
    bound: { name },
    ...(start && { start }),
    lossGraph(microBatch) {
      const { scope, parameters } = parameterScope();
      const said = linear(scope.child("layer"), input("from", [microBatch, SIZE]), SIZE);
      const difference = sub(said, input("to", [microBatch, SIZE]));
      return { parameters, losses: { loss: reshape(mean(mul(difference, difference)), []) } };
    },
    makeBatch(members, step) {
      const rows = Array.from(members, (member, place) => {
        const stream = randomStream(optimisation.seed, streams.example, step, place);
        const row = vectors.subarray(member * SIZE, (member + 1) * SIZE);
        return Float32Array.from(row, (value) => value + stream.normal() / 2);
      });
      const joined = (of: typeof from) => Float32Array.from(rows.flatMap((row) => [...of(row)]));
      return { from: joined(from), to: joined(to) };
    },
  };
}

/** What a linear layer of these weights, then its bias, makes of a vector. */
const layer = (weights: Float32Array) => (x: Float32Array) =>
  Float32Array.from({ length: SIZE }, (_, row) =>
    x.reduce((sum, value, column) => sum + weights[row * SIZE + column] * value, weights[SIZE * SIZE + row]),
  );

const rotated = (x: Float32Array) => Float32Array.of(x[1], x[2], x[0]);

/** The file that the run leaves its model in: the weights of both stages. */
export const modelFile = (folder: string): string => join(modelFolder(folder), "weights.bin");

/** A run of both stages, the first of which keeps the weights of its best epoch or its last. */
export function twoStages(folder: string, keep: Optimisation["keep"]): TrainingRun {
  return {
    folder,
    config: { keep },
    threads: 1,
    resume: true,
    stages: [
      {
        name: "there",
        optimisation: { ...optimisation, keep },
        begin: () => mapping("there", (x) => x, rotated),
      },
      {
        name: "back",
        optimisation,
        begin: ([there]) => mapping("back", layer(there), (x) => x, there),
      },
    ],
    async save(weights) {
      await ensureWritableFolder(modelFolder(folder));
      await writeFileAtomically(
        modelFile(folder),
        Buffer.concat(weights.map((part) => new Uint8Array(part.slice().buffer))),
      );
    },
  };
}
