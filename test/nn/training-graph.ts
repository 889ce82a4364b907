import { randomStream } from "../../src/base/random.ts";
import { diffusionLoss } from "../../src/diffusion/loss.ts";
import { buildNetwork, type Sizes } from "../../src/families/denoiser/network.ts";
import { network } from "../../src/families/unet1d/network.ts";
import { presets } from "../../src/families/unet1d/presets.ts";
import type { UNet1dSettings } from "../../src/families/unet1d/settings.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import type { Parameter } from "../../src/nn/parameters.ts";
import { feedsFor } from "../graph/check.ts";
import type { ReferenceFeeds } from "../graph/reference.ts";

/** The graph that training runs, and numbers to run it with. */
export interface TrainingGraph {
  readonly parameters: readonly Parameter[];
  readonly loss: Tensor;
  /** The gradient of each parameter. */
  readonly derivatives: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  readonly feeds: ReferenceFeeds;
}

/** @param over where the U-Net's sizes are others than the seed's. */
export function trainingGraph(over: Partial<Sizes<UNet1dSettings>>, batch: number): TrainingGraph {
  const sizes = { ...presets.baseline.network, classes: 3, channels: 2, ...over };
  const { inputs, output, parameters } = buildNetwork({ network, sizes }, batch);
  const { points, classes, channels } = sizes;
  const targets = {
    target: input("target", [batch, points, channels]),
    weights: input("weights", [batch]),
    pens: input("pens", [batch, points]),
  };
  const loss = diffusionLoss(output, targets, 0.5).loss;
  const tensors = parameters.map(({ tensor }) => tensor);
  const all = [inputs.noisy, inputs.times, inputs.labels, ...Object.values(targets), ...tensors];
  const feeds = {
    ...feedsFor(all),
    times: Array.from({ length: batch }, (_, i) => 17 + ((786 * i) % 1000)),
    labels: Array.from({ length: batch }, (_, i) => classes - (i % (classes + 1))),
    weights: Array.from({ length: batch }, (_, i) => 1 + i / 2),
    pens: Array.from({ length: batch * points }, (_, i) => (i % 5 === 0 ? 1 : 0)),
    ...Object.fromEntries(parameters.map((parameter, i) => [parameter.name, usualWeights(parameter, i)])),
  };
  return { parameters, loss, derivatives: gradients(loss, tensors), inputs: all, feeds };
}

/** Weights of the size that training meets: standard normal ones would saturate every softmax and sigmoid. */
function usualWeights({ name, shape }: Parameter, index: number): Float32Array {
  const spread = shape.length > 1 ? 1 / Math.sqrt(sizeOf(shape.slice(1))) : 0.2;
  const centre = /norm\d?\.weight$/.test(name) ? 1 : 0;
  const stream = randomStream(5, index);
  return Float32Array.from({ length: sizeOf(shape) }, () => centre + spread * stream.normal());
}
