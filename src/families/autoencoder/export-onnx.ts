import { toOnnx } from "../../graph/onnx/model.ts";
import { parameterViews } from "../../nn/parameters.ts";
import type { Optimisation } from "../../training/optimisation.ts";
import { toDenoiserOnnx } from "../denoiser/export-onnx.ts";
import { type Autoencoder, buildEncoder, partsOf, sizedPrior } from "./autoencoder.ts";
import type { CodeModel, CodeSettings } from "./settings.ts";

/**
 * The three networks as ONNX models: `encoder` from `drawings` [batch, points, 3] to `codes` [batch, points of a code,
 * channels]; `prior`, a denoiser of normalised codes; `decoder`, which makes drawings of codes as its family does.
 */
export function toCodeOnnx<S extends CodeSettings, T extends Optimisation>(
  autoencoder: Autoencoder<S, T>,
  { config, weights }: CodeModel<S>,
): Readonly<Record<string, Uint8Array>> {
  const { network, categories } = config;
  const parts = partsOf(autoencoder, config, weights);
  const encoder = buildEncoder(autoencoder, network, 1);
  const decoder = autoencoder.buildDecoder(network, categories.length);
  const rows = "batch";
  return {
    encoder: toOnnx(
      { codes: encoder.codes },
      { initializers: parameterViews(encoder.parameters, parts.encoder), rows },
    ),
    prior: toDenoiserOnnx(sizedPrior(autoencoder, config), parts.prior),
    decoder: toOnnx(decoder.output, {
      initializers: parameterViews(decoder.parameters, parts.decoder),
      rows,
    }),
  };
}
