import { buildEncoder, sizedPrior } from "../../src/families/autoencoder/autoencoder.ts";
import { autoregressiveStroke } from "../../src/families/autoregressive-stroke/family.ts";
import {
  buildContext,
  buildStroke,
  buildTime,
  contextInputs,
  strokeInputs,
} from "../../src/families/autoregressive-stroke/network.ts";
import { buildNetwork as buildDenoiser } from "../../src/families/denoiser/network.ts";
import { sizedDecoder } from "../../src/families/encoder-decoder/decoder.ts";
import { encode as encodeAsOne } from "../../src/families/encoder-decoder/encoder.ts";
import { encoderDecoder } from "../../src/families/encoder-decoder/family.ts";
import { prior as priorOfCodes } from "../../src/families/encoder-decoder/prior.ts";
import { buildDecoder } from "../../src/families/latent/decoder.ts";
import { latent } from "../../src/families/latent/family.ts";
import { encode } from "../../src/families/latent/networks.ts";
import { prior } from "../../src/families/latent/prior.ts";
import { buildNetwork } from "../../src/families/network.ts";
import { familyOf, type ModelConfig } from "../../src/families/registry.ts";
import {
  buildBeginning,
  buildEncoder as buildEncoderOfSteps,
  buildStep,
} from "../../src/families/sketchrnn/programs.ts";
import { sketchRnnDiffusion } from "../../src/families/sketchrnn-diffusion/family.ts";
import { head as diffusionHead } from "../../src/families/sketchrnn-diffusion/head.ts";
import { sketchRnnMdn } from "../../src/families/sketchrnn-mdn/family.ts";
import { head as mixtureHead } from "../../src/families/sketchrnn-mdn/head.ts";
import { topologicalOrder } from "../../src/graph/gradient.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import type { Feeds } from "../../src/runtime/session.ts";

type Outputs = Readonly<Record<string, Tensor>>;

/** The networks of a model as graphs for so many rows, by the names that they are exported under. */
export function graphsOf(config: ModelConfig, rows: number): Readonly<Record<string, Outputs>> {
  switch (config.network.family) {
    case "latent": {
      const parsed = latent.parseModel(config, "it");
      const codeShape = () => ({ points: parsed.network.latents, channels: parsed.network.latentSize });
      return {
        encoder: { codes: buildEncoder({ encode }, parsed.network, rows).codes },
        prior: { ...buildDenoiser(sizedPrior({ prior, codeShape }, parsed), rows).output },
        decoder: buildDecoder(parsed.network, rows).output,
      };
    }
    case "encoder-decoder": {
      const parsed = encoderDecoder.parseModel(config, "it");
      const { network, categories } = parsed;
      const codeShape = () => ({ points: 1, channels: network.codeWidth });
      return {
        encoder: { codes: buildEncoder({ encode: encodeAsOne }, network, rows).codes },
        prior: { ...buildDenoiser(sizedPrior({ prior: priorOfCodes, codeShape }, parsed), rows).output },
        decoder: { ...buildDenoiser(sizedDecoder(network, categories.length), rows).output },
      };
    }
    case "sketchrnn-mdn": {
      const { network, categories } = sketchRnnMdn.parseModel(config, "it");
      return {
        ...(network.codeWidth && { encoder: buildEncoderOfSteps(network, network.codeWidth, rows).outputs }),
        beginning: buildBeginning(network, categories.length, rows).outputs,
        step: buildStep(mixtureHead, network, rows).outputs,
      };
    }
    case "sketchrnn-diffusion": {
      const { network, categories } = sketchRnnDiffusion.parseModel(config, "it");
      return {
        beginning: buildBeginning(network, categories.length, rows).outputs,
        step: buildStep(diffusionHead, network, rows).outputs,
        head: diffusionHead.build?.(network, rows).outputs ?? {},
      };
    }
    case "autoregressive-stroke": {
      const { network, categories } = autoregressiveStroke.parseModel(config, "it");
      const sizes = { ...network, classes: categories.length };
      const time = buildTime(sizes, input("times", [rows])).output;
      return {
        context: { context: buildContext(sizes, contextInputs(sizes, rows)).output },
        stroke: { prediction: buildStroke(sizes, { ...strokeInputs(sizes, rows), time }).output },
      };
    }
    default:
      return { model: buildNetwork(config, rows).output };
  }
}

/** The inputs of a graph that are no weights of a model. */
function inputsOf(config: ModelConfig, outputs: Outputs) {
  const weights = familyOf(config)
    .parameters(config)
    .map(({ name }) => name);
  return topologicalOrder(Object.values(outputs)).flatMap(({ name, outputs: [tensor] }) =>
    name === undefined || tensor === undefined || weights.includes(name) ? [] : [{ name, tensor }],
  );
}

/** Numbers for the inputs of a graph, and their shapes. */
export function feedsOf(config: ModelConfig, outputs: Outputs): Map<string, [Feeds[string], number[]]> {
  const fed = inputsOf(config, outputs).map(({ name, tensor }): [string, [Feeds[string], number[]]] => {
    const { dtype, shape } = tensor;
    const length = shape.reduce((a, b) => a * b, 1);
    const numbers =
      dtype === "int64"
        ? BigInt64Array.from({ length }, (_, i) => BigInt(i % config.categories.length))
        : Float32Array.from({ length }, (_, i) => (name === "times" ? 7 * i : Math.sin(1 + 3 * i)));
    return [name, [numbers, [...shape]]];
  });
  return new Map(fed);
}

/** What a graph says with some weights. */
export async function answersOf(
  config: ModelConfig,
  weights: Float32Array,
  outputs: Outputs,
  feeds: Feeds,
): Promise<Readonly<Record<string, Float32Array>>> {
  const names = new Set(topologicalOrder(Object.values(outputs)).map(({ name }) => name));
  const all = parameterViews(familyOf(config).parameters(config), weights);
  const initializers = new Map([...all].filter(([name]) => names.has(name)));
  const program = await compile<string>(outputs, { initializers, threads: 1 });
  const answers = await program.run(feeds);
  await program.dispose();
  return answers;
}
