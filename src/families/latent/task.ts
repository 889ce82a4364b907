import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import { add, mul, softplus, sub } from "../../graph/ops/elementwise.ts";
import { mean } from "../../graph/ops/mean.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { input, scalar, type Tensor } from "../../graph/tensor.ts";
import { parameterScope } from "../../nn/parameters.ts";
import { withPen } from "../../sketch/pen-channel.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import type { TrainingSet } from "../denoiser/training-set.ts";
import { decode, encode } from "./networks.ts";
import type { LatentSettings, LatentTraining } from "./settings.ts";

/** Drawings are encoded, and decoded again from their latents under noise. */
export function autoencoding(
  settings: LatentSettings,
  { penWeight, klWeight, latentNoise, seed, batchSize }: LatentTraining,
  { values, pens, points }: TrainingSet,
): Pick<Task, "lossGraph" | "makeBatch"> {
  const drawings = withPen(values, pens);
  const { latents, latentSize } = settings;
  return {
    lossGraph: (microBatch) => autoencodingLoss(settings, { penWeight, klWeight, latentNoise }, microBatch),
    makeBatch(members, step) {
      const rows = (numbers: Float32Array, size: number) => {
        const batch = new Float32Array(members.length * size);
        for (const [place, member] of members.entries())
          batch.set(numbers.subarray(member * size, (member + 1) * size), place * size);
        return batch;
      };
      const noise = new Float32Array(batchSize * latents * latentSize);
      for (const place of members.keys()) {
        const stream: RandomStream = randomStream(seed, streams.example, step, place);
        const start = place * latents * latentSize;
        for (let i = 0; i < latents * latentSize; i++) noise[start + i] = stream.normal();
      }
      return {
        drawings: rows(drawings, 3 * points),
        coordinates: rows(values, 2 * points),
        pens: rows(pens, points),
        noise,
      };
    },
  };
}

/**
 * Mean squared error of the coordinates, the pen's cross-entropy, and the divergence of the latents under their noise
 * from standard normal ones: with a spread that is not learnt, half their squares and a constant (Ghosh et al. 2020,
 * "CV-VAE").
 */
function autoencodingLoss(
  settings: LatentSettings,
  { penWeight, klWeight, latentNoise }: Pick<LatentTraining, "penWeight" | "klWeight" | "latentNoise">,
  microBatch: number,
): LossGraph {
  const { points, latents, latentSize } = settings;
  const { scope, parameters } = parameterScope();
  const drawings = input("drawings", [microBatch, points, 3]);
  const codes = encode(scope.child("encoder"), settings, drawings);
  const noise = input("noise", [microBatch, latents, latentSize]);
  const noisy = add(codes, mul(noise, scalar(latentNoise)));
  const decoded = decode(scope.child("decoder"), settings, noisy);
  const error = sub(decoded.coordinates, input("coordinates", [microBatch, points, 2]));
  const coordinates = meanOf(mul(error, error));
  const pens = input("pens", [microBatch, points]);
  // Cross-entropy on logits z: log(1 + e^z) - z y.
  const pen = meanOf(sub(softplus(decoded.penLogits), mul(decoded.penLogits, pens)));
  const divergence = mul(meanOf(mul(codes, codes)), scalar(0.5));
  const loss = add(coordinates, add(mul(pen, scalar(penWeight)), mul(divergence, scalar(klWeight))));
  return { parameters, losses: { loss, coordinates, pen, divergence } };
}

const meanOf = (x: Tensor): Tensor => reshape(mean(x), []);
