import { at } from "../../base/at.ts";
import { add, mul, sub } from "../../graph/ops/elementwise.ts";
import { split, transpose } from "../../graph/ops/shape.ts";
import { logSoftmax } from "../../graph/ops/softmax.ts";
import { reshape, sum } from "../../graph/ops/stretch.ts";
import { slice } from "../../graph/ops/window.ts";
import { axisSizes } from "../../graph/shape.ts";
import { input, scalar, type Tensor } from "../../graph/tensor.ts";
import { parameterScope } from "../../nn/parameters.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import { makeBatch } from "./batches.ts";
import { codeOf, divergence, encode, floored } from "./encoder.ts";
import type { Head } from "./head.ts";
import { begin, decode, penLogits } from "./network.ts";
import type { SketchRnnSettings, SketchRnnTraining } from "./settings.ts";
import { STEP } from "./stroke5.ts";
import { contentOf, type TrainingSet } from "./training-set.ts";

/** To draw: a decoder learns to tell the next step of drawings from those before it. */
export function decoding<S extends SketchRnnSettings>(
  head: Head<S>,
  network: S,
  training: SketchRnnTraining,
  categories: readonly string[],
  set: TrainingSet,
): Task {
  const { batchSize, seed, recurrentDropout, klFloor } = training;
  const { family: _, simplify: __, strokeOrder: ___, ...sizes } = network;
  return {
    drawings: set.drawings.length,
    content: contentOf(set),
    bound: { categories, ...sizes, batchSize, seed },
    lossGraph: (microBatch) =>
      decodingLoss(head, network, categories.length, microBatch, recurrentDropout > 0, klFloor),
    makeBatch: (members, step) => makeBatch(set, members, step, { network, training, noise: head.noise }),
  };
}

/**
 * The decoder and its losses for batches as `makeBatch` gives them (Ha and Eck 2017, eq. 9): of each drawing the sum over
 * its steps, by the longest possible number of them. With codes also the encoder, and how far the codes are from standard normal
 * ones.
 */
export function decodingLoss<S extends SketchRnnSettings>(
  head: Head<S>,
  network: S,
  classes: number,
  batch: number,
  drops: boolean,
  klFloor = 0,
): LossGraph {
  const { points, hidden, codeWidth } = network;
  const rows = points * batch;
  const { scope, parameters } = parameterScope();
  const labels = input("labels", [batch], "int64");
  const { given, next: after } = shifted(input("steps", [batch, points + 1, STEP]));
  const posterior = codeWidth ? encode(scope.child("encoder"), network, codeWidth, given, after) : undefined;
  const code = posterior && codeOf(posterior, input("codeNoise", posterior.mean.shape));
  const beginning = begin(scope, network, classes, labels, code);
  const kept = drops ? input("kept", [batch, hidden]) : undefined;
  const next = reshape(after, [rows, STEP]);
  const { outputs } = decode(scope, network, given, beginning, kept);
  const states = reshape(outputs, [rows, hidden]);

  const parts = split(next, 1, [2, STEP - 2]);
  const pen = at(parts, 1);
  // What comes after the end is no step; the end itself is one of the pen alone.
  const isStep = sub(scalar(1), endOf(reshape(given, [rows, STEP])));
  const isPoint = sub(scalar(1), endOf(next));
  const meanOf = (errors: Tensor, counted: Tensor): Tensor =>
    reshape(mul(sum(mul(errors, counted)), scalar(1 / rows)), []);
  const crossEntropy = mul(sum(mul(pen, logSoftmax(penLogits(scope, states))), [1]), scalar(-1));
  const errors = head.error(
    scope.child("head"),
    network,
    head.output(scope.child("head"), network, states),
    at(parts, 0),
    noiseOf(head, network, batch),
  );
  const losses = { offsets: meanOf(errors, isPoint), pen: meanOf(crossEntropy, isStep) };
  const drawn = add(losses.offsets, losses.pen);
  if (posterior === undefined) return { parameters, losses: { ...losses, loss: drawn } };
  const kl = divergence(posterior);
  const costs = mul(floored(kl, klFloor), reshape(input("klWeights", [batch]), [batch, 1]));
  const mean = (x: Tensor) => reshape(mul(sum(x), scalar(1 / batch)), []);
  return { parameters, losses: { ...losses, kl: mean(kl), loss: add(drawn, mean(costs)) } };
}

/** Drawings [batch, points + 1, 5] without their last row and without their first, [points, batch, 5]: a step is one piece of memory. */
export function shifted(drawings: Tensor): { readonly given: Tensor; readonly next: Tensor } {
  const steps = transpose(drawings, [1, 0, 2]);
  const [rows, batch, size] = axisSizes("shifted", steps.shape, 3);
  const from = (start: number) => slice(steps, [start, 0, 0], [rows - 1, batch, size]);
  return { given: from(0), next: from(1) };
}

/** 1 in rows [rows, 5] where the drawing has ended. */
const endOf = (steps: Tensor): Tensor => at(split(steps, 1, [STEP - 1, 1]), 1);

/** A head's random numbers, in the steps' order. */
function noiseOf<S extends SketchRnnSettings>(
  { noise }: Head<S>,
  network: S,
  batch: number,
): Tensor | undefined {
  if (noise === undefined) return undefined;
  const { points } = network;
  const numbers = noise.size(network);
  return reshape(transpose(input("noise", [batch, points, numbers]), [1, 0, 2]), [points * batch, numbers]);
}
