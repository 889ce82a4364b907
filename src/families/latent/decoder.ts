import { input } from "../../graph/tensor.ts";
import { parameterScope, parameterViews } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Decoder } from "../autoencoder/autoencoder.ts";
import type { CodeConfig } from "../autoencoder/settings.ts";
import { type Decodable, decode as drawingOf } from "../denoiser/decode.ts";
import { decode } from "./networks.ts";
import type { LatentSettings } from "./settings.ts";

/** The decoder as a graph for so many drawings. */
export function buildDecoder(settings: LatentSettings, batch: number) {
  const codes = input("codes", [batch, settings.latents, settings.latentSize]);
  const { scope, parameters } = parameterScope();
  return { output: { ...decode(scope.child("decoder"), settings, codes) }, parameters };
}

/** Decodes latents, each drawing's in one evaluation. */
export function openDecoder(
  config: CodeConfig<LatentSettings>,
  weights: Float32Array,
  runtime: Runtime,
): Decoder {
  const { network } = config;
  const compile = () =>
    runtime.compileRows(
      (rows) => buildDecoder(network, rows).output,
      1,
      parameterViews(buildDecoder(network, 1).parameters, weights),
    );
  let program: ReturnType<typeof compile> | undefined;
  return {
    direct: true,
    async *decode({ category, normalisation: own, codes, count, seed, first, signal }) {
      program ??= compile();
      const { rows, run } = await program;
      const size = codes.length / count;
      const [x, y] = own.mean;
      const learnt: Decodable["learnt"] = { normalisation: { [category]: { mean: [x, y], std: own.std } } };
      for (let i = 0; i < count; i++) {
        signal?.throwIfAborted();
        const fed = new Float32Array(rows * size);
        fed.set(codes.subarray(i * size, (i + 1) * size));
        const { coordinates, penLogits } = await run({ codes: fed });
        const ofFirst = (all: Float32Array) => all.subarray(0, all.length / rows);
        const sketch = drawingOf({ network, learnt }, category, ofFirst(coordinates), ofFirst(penLogits));
        yield { ...sketch, word: category, seed, index: first + i };
      }
    },
    async dispose() {
      await (await program)?.dispose();
      program = undefined;
    },
  };
}
