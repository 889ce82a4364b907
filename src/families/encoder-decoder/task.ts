import { randomStream, streams } from "../../base/random.ts";
import { weightedSquares } from "../../diffusion/loss.ts";
import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { input, scalar } from "../../graph/tensor.ts";
import { parameterScope } from "../../nn/parameters.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import { type BatchOptions, makeBatch } from "../denoiser/batches.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import { trainingGraph } from "../denoiser/task.ts";
import { timeSampler } from "../denoiser/time-sampler.ts";
import type { TrainingSet } from "../denoiser/training-set.ts";
import { sizedDecoder } from "./decoder.ts";
import { encode } from "./encoder.ts";
import type { EncoderDecoderSettings, EncoderDecoderTraining } from "./settings.ts";

/** Of the drawings without a class so many are without a code too: what guidance goes away from. */
const NEITHER = 0.5;

/** A decoder learns to take the noise off drawings of which an encoder tells it (Preechakul et al. 2022, eq. 6). */
export function denoisingWithCodes(
  settings: EncoderDecoderSettings,
  classes: number,
  training: EncoderDecoderTraining,
  set: TrainingSet,
): Pick<Task, "lossGraph" | "makeBatch"> {
  const { seed, batchSize, codeDropout, codeNoise } = training;
  const { codeWidth } = settings;
  const { alphaBars } = scheduleOf(settings);
  const prediction = "v";
  const options: BatchOptions = {
    ...settings,
    ...training,
    alphaBars,
    prediction,
    noClass: classes,
    dropoutPer: "drawing",
    timeSampler: timeSampler({ ...training, prediction, alphaBars }),
    augment: false,
    pen: "channel",
    prefixConditioning: 0,
  };
  return {
    lossGraph: (...counts) => lossOf(settings, classes, codeNoise, ...counts),
    makeBatch(members, step) {
      const batch = makeBatch(set, members, step, options);
      const noise = new Float32Array(batchSize * codeWidth);
      const keep = new Float32Array(batchSize);
      for (const place of members.keys()) {
        const stream = randomStream(seed, streams.code, step, place);
        const dropout = batch.labels[place] === BigInt(classes) ? NEITHER : codeDropout;
        keep[place] = Number(stream.uniform() >= dropout);
        for (let i = 0; i < codeWidth; i++) noise[place * codeWidth + i] = stream.normal();
      }
      return { ...batch, noise, keep };
    },
  };
}

function lossOf(
  settings: EncoderDecoderSettings,
  classes: number,
  codeNoise: number,
  microBatch: number,
  batch: number,
): LossGraph {
  const { points, codeWidth } = settings;
  const { scope, parameters } = parameterScope();
  const clean = input("clean", [microBatch, points, 3]);
  const code = reshape(encode(scope.child("encoder"), settings, clean), [microBatch, codeWidth]);
  const noise = mul(input("noise", [microBatch, codeWidth]), scalar(codeNoise));
  const told = mul(add(code, noise), reshape(input("keep", [microBatch]), [microBatch, 1]));
  const { output, targets, ...decoder } = trainingGraph(
    sizedDecoder(settings, classes),
    microBatch,
    batch,
    told,
  );
  const loss = weightedSquares(sub(output.prediction, targets.target), targets.weights);
  return {
    parameters: [...parameters, ...decoder.parameters],
    losses: { loss },
    ahead: decoder.ahead,
  };
}
